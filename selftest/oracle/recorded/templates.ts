import { renderEmbedded } from '../templates/case.ts';
import { type Vector, type Verdict, verdictOf } from './vector.ts';

interface TemplateVector extends Vector {
  readonly template: string;
  readonly body?: string;
  /** Further variables: a JSON object as text. */
  readonly variables?: string;
  readonly output?: string;
  /** AWS answered 500. */
  readonly refused?: true;
}

export async function atTemplates(vectors: readonly TemplateVector[]): Promise<readonly Verdict[]> {
  const params = { path: {}, querystring: {}, header: {} };
  return vectors.map((vector) => {
    const { template, body = '', variables = '{}' } = vector;
    const answer = renderEmbedded({ template, body, variables, params });
    return verdictOf(vector, [
      ['output', vector.output, 'text' in answer ? answer.text : undefined],
      ['refused', vector.refused ?? false, 'error' in answer],
    ]);
  });
}
