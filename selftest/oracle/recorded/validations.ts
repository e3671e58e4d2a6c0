import { validateEmbedded } from '../validation/case.ts';
import { type Vector, type Verdict, verdictOf } from './vector.ts';

interface ValidationVector extends Vector {
  readonly schema: object;
  /** JSON text. */
  readonly body: string;
  /** `$context.error.validationErrorString`; absent where the body is valid. */
  readonly text?: string;
}

export async function atValidations(vectors: readonly ValidationVector[]): Promise<readonly Verdict[]> {
  return vectors.map((vector) => {
    const { schema, body, text } = vector;
    const answer = validateEmbedded({ schema: JSON.stringify(schema), body });
    const valid = 'valid' in answer && answer.valid;
    return verdictOf(vector, [
      ['valid', text === undefined, valid],
      ['text', text, 'text' in answer ? answer.text : undefined],
    ]);
  });
}
