import { shardId } from '../../../support/observe/shards.ts';
import { startOurs } from '../kinesis/implementations/ours.ts';
import { fixtureOn } from '../kinesis/requests/fixture.ts';
import { outcomeOf } from '../kinesis/requests/outcome.ts';
import { matching, type Vector, type Verdict, verdictOf } from './vector.ts';

interface KinesisVector extends Vector {
  readonly action: string;
  readonly input: unknown;
  /** The error's type; without it the call succeeds. */
  readonly type?: string;
  /** `message` by default; empty for an error without a text. */
  readonly key?: string;
  readonly text?: string;
  /** Of a success. */
  readonly body?: string;
  /** The numbers of the shards that records went to. */
  readonly shards?: readonly number[];
  /** The EndingHashKey of each shard. */
  readonly ends?: readonly string[];
  /** A pattern of the body. */
  readonly matches?: string;
}

interface Description {
  readonly StreamDescription: { readonly Shards: readonly { HashKeyRange: { EndingHashKey: string } }[] };
}

export async function atKinesis(vectors: readonly KinesisVector[]): Promise<readonly Verdict[]> {
  const fixture = await fixtureOn(startOurs().call, { three: 3 });
  const verdicts: Verdict[] = [];
  for (const vector of vectors) {
    const answer = await fixture.ask(vector);
    const { type, key, texts, shards } = outcomeOf(answer);
    const { status, body } = answer;
    const ends = () =>
      (JSON.parse(body) as Description).StreamDescription.Shards.map(
        ({ HashKeyRange }) => HashKeyRange.EndingHashKey,
      );
    verdicts.push(
      verdictOf(vector, [
        ['status', vector.type === undefined ? 200 : 400, status],
        ['type', vector.type ?? '', type],
        ['key', vector.type === undefined ? '' : (vector.key ?? 'message'), key],
        ['text', vector.text, texts.join('')],
        ['body', vector.body, body],
        ['shards', vector.shards?.map(shardId), shards],
        ['ends', vector.ends, vector.ends && status === 200 ? ends() : undefined],
        matching(vector.matches, body),
      ]),
    );
  }
  return verdicts;
}
