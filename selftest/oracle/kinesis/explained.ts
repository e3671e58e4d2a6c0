import { deserialize } from '../../../infra/embedded/kinesis/deserialize.ts';
import { type ActionName, isAction, REQUESTS } from '../../../infra/embedded/kinesis/shapes.ts';
import type { Explanation } from '../report.ts';
import { describeOutcome, type Outcome } from './outcome.ts';
import type { KinesisCase } from './requests.ts';

interface KinesisDifference extends Explanation {
  explains(request: KinesisCase, theirs: Outcome, ours: Outcome): boolean;
}

const NULL_SHARD_COUNT = "Value null at 'shardCount' failed to satisfy constraint: Member must not be null";

/** Every way in which the embedded Kinesis is known to differ from kinesalite, which knows AWS up to 2020. */
export const EXPLANATIONS: readonly KinesisDifference[] = [
  {
    kind: 'shard-count-optional',
    reason: 'AWS has not demanded a ShardCount since on-demand streams came',
    fact: 'facts 4.1, REC 2022-08-26',
    explains: (_request, theirs, ours) => goesOn(theirs, ours, (text) => text === NULL_SHARD_COUNT),
  },
  {
    kind: 'fraction',
    reason: 'kinesalite cuts the fraction off where AWS takes whole numbers only',
    fact: 'CREATE-7, DOC; the text is inferred',
    explains: ({ input }, _theirs, ours) =>
      /:1\.5\b/.test(JSON.stringify(input)) && ours.type === 'SerializationException',
  },
  {
    kind: 'list-as-body',
    reason: 'kinesalite reads a list that is the whole body as an object without members',
    fact: 'facts 4.3, RUN, for lists anywhere else; unrecorded for the body',
    explains: ({ input }, _theirs, ours) =>
      typeof input === 'string' &&
      input.startsWith('[') &&
      ours.texts[0] === 'Start of list found where not expected',
  },
  {
    kind: 'pattern-as-a-whole',
    reason: 'kinesalite anchors only one half of the pattern 0|([1-9]\\d{0,N}) at each end',
    fact: 'facts 4.1, DOC: the pattern is for the whole value',
    explains: (_request, theirs, ours) =>
      goesOn(ours, theirs, (text) => text.includes('regular expression pattern: 0|([1-9]')),
  },
  {
    kind: 'time-and-number',
    reason: 'kinesalite reads AT_TIMESTAMP beside a StartingSequenceNumber as AFTER_SEQUENCE_NUMBER',
    fact: 'unrecorded; the proxy under test never asks for AT_TIMESTAMP',
    explains: ({ input }) => {
      const { ShardIteratorType, StartingSequenceNumber } = input as Record<string, unknown>;
      return ShardIteratorType === 'AT_TIMESTAMP' && typeof StartingSequenceNumber === 'string';
    },
  },
  {
    kind: 'least-integer',
    reason: 'kinesalite has no least Integer, and prints a smaller one as it was given',
    fact: 'facts 4.3: an Integer is a Java int; unrecorded below its bounds',
    explains: (_request, theirs, ours) =>
      describeOutcome(theirs).replaceAll("'-2147483649'", "'-2147483648'") === describeOutcome(ours),
  },
  {
    kind: 'newer-limits',
    reason: 'AWS has raised or dropped the bounds of tags and of the retention period since 2020',
    fact: 'facts 4.1, DOC BC',
    explains: ({ action }, theirs) =>
      /Tags|Retention/.test(action) &&
      theirs.texts.some((text) =>
        /at '(?:limit|tags|tagKeys|retentionPeriodHours)' failed .* (?:(?:less than or equal to (?:10|168))|greater than or equal to 1)$/.test(
          text,
        ),
      ),
  },
  {
    kind: 'first-of-several',
    reason: 'of several members of a wrong type one is named, and which is not recorded',
    fact: 'facts 4.3, RUN, for one at a time',
    explains: ({ action, input }, theirs, ours) => {
      if (typeof input === 'string' || !isAction(action)) return false;
      const alone = Object.entries(input as object).flatMap(([name, value]) =>
        refusalOf(action, { [name]: value }),
      );
      return alone.length > 1 && [theirs, ours].every(({ texts: [text = ''] }) => alone.includes(text));
    },
  },
  {
    kind: 'ten-of-more',
    reason: 'of more than ten broken constraints ten are listed, and which ones is not fixed',
    fact: 'facts 4.3, RUN',
    explains: (_request, theirs, ours) =>
      [theirs, ours].every(({ texts }) => texts[0]?.startsWith('10 ') && texts.length === 11),
  },
];

function refusalOf(action: ActionName, input: object): string[] {
  try {
    deserialize(input, REQUESTS[action]);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Whether `other` is what `stricter` would be if it did not know a constraint. */
function goesOn(stricter: Outcome, other: Outcome, unknown: (text: string) => boolean): boolean {
  if (stricter.type !== 'ValidationException' || !stricter.texts.some(unknown)) return false;
  // The first text counts the constraints.
  const [, ...constraints] = stricter.texts;
  if (other.type !== 'ValidationException')
    return constraints.every(unknown) && other.type !== 'SerializationException';
  const [, ...others] = other.texts;
  return (
    others.every((text) => constraints.includes(text)) &&
    constraints.every((text) => others.includes(text) || unknown(text))
  );
}

export function explain(request: KinesisCase, theirs: Outcome, ours: Outcome): Explanation | undefined {
  return EXPLANATIONS.find(({ explains }) => explains(request, theirs, ours));
}
