import type { RequestExplanation } from './compare.ts';
import { describeOutcome } from './outcome.ts';
import { constraintsOf, ignores, refusalsAlone } from './refusals.ts';

const NULL_SHARD_COUNT = "Value null at 'shardCount' failed to satisfy constraint: Member must not be null";
const NEWER_LIMITS =
  /at '(?:limit|tags|tagKeys|retentionPeriodHours)' failed .* (?:less than or equal to (?:10|168)|greater than or equal to 1)$/;
const KINESIS_LOCAL_IGNORES =
  /at '(?:records|tags|tagKeys)' failed .* length|at '(?:maxResults|limit)' failed .* value|at 'streamName' failed/;

/** For each kind in explained.yaml, whether a difference is of that kind. */
export const RECOGNISERS: Readonly<Record<string, RequestExplanation['explains']>> = {
  'shard-count-optional': (_request, theirs, ours) =>
    ignores(ours, theirs, (text) => text === NULL_SHARD_COUNT),
  fraction: ({ input }, _theirs, ours) =>
    /:1\.5\b/.test(JSON.stringify(input)) && ours.type === 'SerializationException',
  'list-as-body': ({ input }, _theirs, ours) =>
    typeof input === 'string' &&
    input.startsWith('[') &&
    ours.texts[0] === 'Start of list found where not expected',
  'pattern-as-a-whole': (_request, theirs, ours) =>
    ignores(theirs, ours, (text) => text.includes('regular expression pattern: 0|([1-9]')),
  'time-and-number': ({ input }) => {
    const { ShardIteratorType, StartingSequenceNumber } = input as Record<string, unknown>;
    return ShardIteratorType === 'AT_TIMESTAMP' && typeof StartingSequenceNumber === 'string';
  },
  'least-integer': (_request, theirs, ours) =>
    describeOutcome(theirs).replaceAll("'-2147483649'", "'-2147483648'") === describeOutcome(ours),
  'newer-limits': ({ action }, theirs) =>
    /Tags|Retention/.test(action) && theirs.texts.some((text) => NEWER_LIMITS.test(text)),
  'first-of-several': (request, theirs, ours) => {
    const alone = refusalsAlone(request);
    return alone.length > 1 && [theirs, ours].every(({ texts: [text = ''] }) => alone.includes(text));
  },
  'ten-of-more': (_request, theirs, ours) =>
    [theirs, ours].every(({ texts }) => texts[0]?.startsWith('10 ') && texts.length === 11),
  'empty-500': (_request, theirs, ours) => theirs.status === 500 && ours.status === 400,
  'shard-count-as-limit': (_request, theirs, ours) =>
    theirs.texts[0] === 'The shard count must be between 1 and 1000' &&
    constraintsOf(ours).some((text) => text.includes("at 'shardCount'")),
  'number-in-quotes': (_request, { type }, ours) =>
    ours.texts[0] === 'class java.lang.String can not be converted to an Integer' &&
    (type === '' || type === 'ResourceNotFoundException' || type === 'ResourceInUseException'),
  'lenient-base64': (_request, { type }, ours) =>
    (type === '' || type === 'ResourceNotFoundException') &&
    /^'.*' can not be converted to a Blob/s.test(ours.texts[0] ?? ''),
  'unchecked-constraint': (_request, { type }, ours) => {
    const constraints = constraintsOf(ours);
    return (
      (type === '' || type === 'ResourceNotFoundException') &&
      constraints.length > 0 &&
      constraints.every((text) => KINESIS_LOCAL_IGNORES.test(text))
    );
  },
  'stream-first': (_request, { type, texts }, ours) =>
    (type === 'ResourceNotFoundException' || type === 'ResourceInUseException') &&
    /^Stream (?:arn .+ not found|.+ already exists)$/s.test(texts[0] ?? '') &&
    ours.type === 'ValidationException',
  'short-shard-id': ({ input }, { texts }) => {
    const { StreamName, ...members } = input as Record<string, unknown>;
    const ids = [members.ShardId, members.ShardToSplit, members.ShardToMerge, members.AdjacentShardToMerge];
    return ids.some(
      (id) =>
        /^(?:\w*-)?\d{1,11}$|^shard-\d{12}$/.test(String(id)) &&
        texts[0] === `Could not find shardId ${id} in stream ${StreamName}`,
    );
  },
  'number-with-trim-horizon': (_request, theirs, ours) =>
    theirs.status === 200 && /and also a StartingSequenceNumber\.$/.test(ours.texts[0] ?? ''),
  'empty-shard-takes-the-future': (_request, theirs, ours) =>
    theirs.status === 200 && /^The timestampInMillis parameter cannot be greater/.test(ours.texts[0] ?? ''),
  'unknown-number': ({ action }, theirs, ours) =>
    action === 'GetShardIterator' &&
    (theirs.status === 200 || /^Unable to find record/.test(theirs.texts[0] ?? '')) &&
    (ours.status === 500 || /used in GetShardIterator|It encodes/.test(ours.texts[0] ?? '')),
  'shard-last': (_request, theirs, ours) =>
    /^(?:StartingSequenceNumber|Timestamp) must be provided/.test(theirs.texts[0] ?? '') &&
    ours.type === 'ResourceNotFoundException' &&
    /shard/i.test(ours.texts[0] ?? ''),
  'number-for-ordering': ({ input }, theirs, ours) => {
    const { SequenceNumberForOrdering: number } = input as Record<string, string>;
    return theirs.texts[0] === 'SequenceNumber could not be parsed'
      ? ours.status === 200 && BigInt(number ?? 0) < 2n ** 129n
      : theirs.status === 200 && /^ExclusiveMinimumSequenceNumber /.test(ours.texts[0] ?? '');
  },
  'split-at-the-edge': ({ action }, theirs, ours) =>
    action === 'SplitShard' && theirs.status === 200 && /is not both greater than/.test(ours.texts[0] ?? ''),
};
