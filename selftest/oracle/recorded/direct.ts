import type { Header } from '../../../infra/embedded/http.ts';
import { isRefusal, readDirectCall } from '../../../infra/embedded/kinesis/direct.ts';
import { type Vector, type Verdict, verdictOf } from './vector.ts';

interface DirectVector extends Vector {
  readonly method?: string;
  readonly type: string;
  readonly target: string;
  readonly signed: boolean;
  readonly status: number;
  /** The answer's text, or its start. */
  readonly body?: string;
}

const SIGNATURE: readonly Header[] = [
  [
    'Authorization',
    'AWS4-HMAC-SHA256 Credential=a/b/c/kinesis/aws4_request, SignedHeaders=host, Signature=x',
  ],
  ['X-Amz-Date', '20250101T000000Z'],
];

export async function atDirectCalls(vectors: readonly DirectVector[]): Promise<readonly Verdict[]> {
  const verdicts = vectors.map(async (vector) => {
    const { method = 'POST', type, target, signed, status, body } = vector;
    const result = await readDirectCall({
      method,
      target: '/',
      headers: [['Content-Type', type], ['X-Amz-Target', target], ...(signed ? SIGNATURE : [])],
      body: Buffer.from(method === 'GET' ? '' : '{}'),
      sourceIp: '127.0.0.1',
    });
    const [actual, text] = isRefusal(result) ? [result.status, String(result.body)] : [200, ''];
    return verdictOf(vector, [
      ['status', status, actual],
      ['body', body, body === undefined || !text.startsWith(body) ? text : body],
    ]);
  });
  return Promise.all(verdicts);
}
