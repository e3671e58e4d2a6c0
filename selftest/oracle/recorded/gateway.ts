import path from 'node:path';
import { loadDefinition } from '../../../infra/definition/definition.ts';
import { HttpClient } from '../../../support/client/http.ts';
import { Fixture } from '../../generated/fixture.ts';
import { matching, type Vector, type Verdict, verdictOf } from './vector.ts';

interface GatewayVector extends Vector {
  /** GET by default. */
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly sends?: string;
  readonly status: number;
  /** Compared as JSON where it is JSON, so white space does not count. */
  readonly body?: string;
  readonly errorType?: string;
  readonly matches?: string;
  /** The start of each. */
  readonly header?: Readonly<Record<string, string>>;
  readonly has?: readonly string[];
  readonly lacks?: readonly string[];
}

export async function atTheGateway(vectors: readonly GatewayVector[]): Promise<readonly Verdict[]> {
  const fixture = await Fixture.open(loadDefinition(path.join(import.meta.dirname, 'api.yaml')));
  const http = new HttpClient();
  try {
    await fixture.create('there', 1);
    const verdicts: Verdict[] = [];
    for (const vector of vectors) {
      const { response } = await http.send({
        method: vector.method ?? 'GET',
        url: `${fixture.client.api.baseUrl}${vector.path}`,
        headers: vector.headers ?? {},
        ...(vector.sends === undefined ? {} : { body: vector.sends }),
      });
      const names = Object.keys(response.headers);
      verdicts.push(
        verdictOf(vector, [
          ['status', vector.status, response.status],
          ['body', jsonOr(vector.body), jsonOr(response.body)],
          ['error type', vector.errorType, response.headers['x-amzn-errortype']],
          matching(vector.matches, response.body),
          ...Object.entries(vector.header ?? {}).map(
            ([name, start]) => [name, start, response.headers[name]?.slice(0, start.length)] as const,
          ),
          ['missing headers', [], (vector.has ?? []).filter((name) => !names.includes(name))],
          ['extra headers', [], (vector.lacks ?? []).filter((name) => names.includes(name))],
        ]),
      );
    }
    return verdicts;
  } finally {
    await http.close();
    await fixture.close();
  }
}

function jsonOr(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
