import { PLACES } from './requests/cases.ts';
import type { RequestExplanation } from './requests/compare.ts';
import { describeOutcome } from './requests/outcome.ts';
import { constraintsOf, ignores, refusalsAlone } from './requests/refusals.ts';

const NULL_SHARD_COUNT = "Value null at 'shardCount' failed to satisfy constraint: Member must not be null";
const SHARD = { StreamName: 'one', ShardId: 'shardId-000000000000' };
const PUT = { StreamName: 'one', PartitionKey: 'a', Data: 'aGk=' };
const KINESIS_LOCAL_IGNORES =
  /at '(?:records|tags|tagKeys)' failed .* length|at '(?:maxResults|limit)' failed .* value|at 'streamName' failed/;

/**
 * Every way in which single requests are known to be answered differently. kinesalite knows AWS up to 2020;
 * kinesis-local is compared in kind only (requests/outcome.ts).
 */
export const REQUEST_EXPLANATIONS: readonly RequestExplanation[] = [
  {
    oracle: 'kinesalite',
    kind: 'shard-count-optional',
    reason: 'AWS has not demanded a ShardCount since on-demand streams came',
    fact: 'facts 4.1, REC 2022-08-26',
    witness: { action: 'CreateStream', input: { StreamName: 'made' } },
    explains: (_request, theirs, ours) => ignores(ours, theirs, (text) => text === NULL_SHARD_COUNT),
  },
  {
    oracle: 'kinesalite',
    kind: 'fraction',
    reason: 'kinesalite cuts the fraction off where AWS takes whole numbers only',
    fact: 'CREATE-7, DOC; the text is inferred',
    witness: { action: 'CreateStream', input: { StreamName: 'made', ShardCount: 1.5 } },
    explains: ({ input }, _theirs, ours) =>
      /:1\.5\b/.test(JSON.stringify(input)) && ours.type === 'SerializationException',
  },
  {
    oracle: 'kinesalite',
    kind: 'list-as-body',
    reason: 'kinesalite reads a list that is the whole body as an object without members',
    fact: 'facts 4.3, RUN, for lists anywhere else; unrecorded for the body',
    witness: { action: 'DescribeStream', input: '[]' },
    explains: ({ input }, _theirs, ours) =>
      typeof input === 'string' &&
      input.startsWith('[') &&
      ours.texts[0] === 'Start of list found where not expected',
  },
  {
    oracle: 'kinesalite',
    kind: 'pattern-as-a-whole',
    reason: 'kinesalite anchors only one half of the pattern 0|([1-9]\\d{0,N}) at each end',
    fact: 'facts 4.1, DOC: the pattern is for the whole value',
    witness: { action: 'PutRecord', input: { ...PUT, ExplicitHashKey: '01' } },
    explains: (_request, theirs, ours) =>
      ignores(theirs, ours, (text) => text.includes('regular expression pattern: 0|([1-9]')),
  },
  {
    oracle: 'kinesalite',
    kind: 'time-and-number',
    reason: 'kinesalite reads AT_TIMESTAMP beside a StartingSequenceNumber as AFTER_SEQUENCE_NUMBER',
    fact: 'unrecorded; the proxy under test never asks for AT_TIMESTAMP',
    witness: {
      action: 'GetShardIterator',
      input: { ...SHARD, ShardIteratorType: 'AT_TIMESTAMP', StartingSequenceNumber: PLACES.sequence },
    },
    explains: ({ input }) => {
      const { ShardIteratorType, StartingSequenceNumber } = input as Record<string, unknown>;
      return ShardIteratorType === 'AT_TIMESTAMP' && typeof StartingSequenceNumber === 'string';
    },
  },
  {
    oracle: 'kinesalite',
    kind: 'least-integer',
    reason: 'kinesalite has no least Integer, and prints a smaller one as it was given',
    fact: 'facts 4.3: an Integer is a Java int; unrecorded below its bounds',
    witness: { action: 'ListStreams', input: { Limit: -2_147_483_649 } },
    explains: (_request, theirs, ours) =>
      describeOutcome(theirs).replaceAll("'-2147483649'", "'-2147483648'") === describeOutcome(ours),
  },
  {
    oracle: 'kinesalite',
    kind: 'newer-limits',
    reason: 'AWS has raised or dropped the bounds of tags and of the retention period since 2020',
    fact: 'facts 4.1, DOC BC',
    witness: { action: 'ListTagsForStream', input: { StreamName: 'one', Limit: 50 } },
    explains: ({ action }, theirs) =>
      /Tags|Retention/.test(action) &&
      theirs.texts.some((text) =>
        /at '(?:limit|tags|tagKeys|retentionPeriodHours)' failed .* (?:(?:less than or equal to (?:10|168))|greater than or equal to 1)$/.test(
          text,
        ),
      ),
  },
  {
    oracle: 'kinesalite',
    kind: 'first-of-several',
    reason: 'of several members of a wrong type one is named, and which is not recorded',
    fact: 'facts 4.3, RUN, for one at a time',
    witness: { action: 'CreateStream', input: { ShardCount: 'text', StreamName: 5 } },
    explains: (request, theirs, ours) => {
      const alone = refusalsAlone(request);
      return alone.length > 1 && [theirs, ours].every(({ texts: [text = ''] }) => alone.includes(text));
    },
  },
  {
    oracle: 'kinesalite',
    kind: 'ten-of-more',
    reason: 'of more than ten broken constraints ten are listed, and which ones is not fixed',
    fact: 'facts 4.3, RUN',
    witness: {
      action: 'PutRecords',
      input: { StreamName: '%20', Records: Array.from({ length: 12 }, () => ({})) },
    },
    explains: (_request, theirs, ours) =>
      [theirs, ours].every(({ texts }) => texts[0]?.startsWith('10 ') && texts.length === 11),
  },
  {
    oracle: 'kinesis-local',
    kind: 'empty-500',
    reason: 'kinesis-local answers 500 without a body where a text cannot be read or a number is below 1',
    fact: 'facts 4.3, RUN: AWS refuses; facts emulators 3.4, RUN',
    witness: { action: 'GetRecords', input: { ShardIterator: 'garbage' } },
    explains: (_request, theirs, ours) => theirs.status === 500 && ours.status === 400,
  },
  {
    oracle: 'kinesis-local',
    kind: 'shard-count-as-limit',
    reason: 'kinesis-local takes a ShardCount out of its range for a matter of quotas',
    fact: 'facts 4.3, RUN: AWS answers ValidationException',
    witness: { action: 'CreateStream', input: { StreamName: 'made', ShardCount: 0 } },
    explains: (_request, theirs, ours) =>
      theirs.texts[0] === 'The shard count must be between 1 and 1000' &&
      constraintsOf(ours).some((text) => text.includes("at 'shardCount'")),
  },
  {
    oracle: 'kinesis-local',
    kind: 'number-in-quotes',
    reason: 'kinesis-local reads a number in quotes',
    fact: 'facts 4.3, RUN: class java.lang.String can not be converted to an Integer',
    witness: { action: 'CreateStream', input: { StreamName: 'made', ShardCount: '5' } },
    explains: (_request, { type }, ours) =>
      ours.texts[0] === 'class java.lang.String can not be converted to an Integer' &&
      (type === '' || type === 'ResourceNotFoundException' || type === 'ResourceInUseException'),
  },
  {
    oracle: 'kinesis-local',
    kind: 'lenient-base64',
    reason: 'kinesis-local reads Base64 without its padding, and with stray bits',
    fact: 'facts 4.3, REC aws-sdk-php#650, and RUN',
    witness: { action: 'PutRecord', input: { ...PUT, Data: 'aGk' } },
    explains: (_request, theirs, ours) =>
      theirs.status === 200 && /^'.*' can not be converted to a Blob/s.test(ours.texts[0] ?? ''),
  },
  {
    oracle: 'kinesis-local',
    kind: 'unchecked-constraint',
    reason:
      'kinesis-local does not check how long a list is, how many results are wanted, or a name in ListShards',
    fact: 'facts 4.1 and 4.3, DOC and RUN; facts emulators 3.4, RUN',
    witness: { action: 'PutRecords', input: { StreamName: 'one', Records: [] } },
    explains: (_request, { type }, ours) => {
      const constraints = constraintsOf(ours);
      return (
        (type === '' || type === 'ResourceNotFoundException') &&
        constraints.length > 0 &&
        constraints.every((text) => KINESIS_LOCAL_IGNORES.test(text))
      );
    },
  },
  {
    oracle: 'kinesis-local',
    kind: 'stream-first',
    reason: 'kinesis-local looks for the stream before it checks the other members',
    fact: 'facts 4.3, RUN: AWS validates first, and each of those tests names no stream that is there',
    witness: { action: 'PutRecord', input: { ...PUT, StreamName: 'nope', PartitionKey: '' } },
    explains: (_request, { type, texts }, ours) =>
      (type === 'ResourceNotFoundException' || type === 'ResourceInUseException') &&
      /^Stream (?:arn .+ not found|.+ already exists)$/s.test(texts[0] ?? '') &&
      ours.type === 'ValidationException',
  },
  {
    oracle: 'kinesis-local',
    kind: 'short-shard-id',
    reason: 'kinesis-local knows a shard by its whole id only',
    fact: 'facts 4.4, RUN: any prefix before a hyphen is accepted',
    witness: { action: 'GetShardIterator', input: { ...SHARD, ShardId: 'x-0', ShardIteratorType: 'LATEST' } },
    explains: ({ input }, { texts }) => {
      const { ShardId, ShardToSplit, ShardToMerge, AdjacentShardToMerge } = input as Record<string, unknown>;
      return [ShardId, ShardToSplit, ShardToMerge, AdjacentShardToMerge].some(
        (id) =>
          /^(?:\w*-)?\d{1,11}$|^shard-\d{12}$/.test(String(id)) &&
          texts[0] ===
            `Could not find shardId ${id} in stream ${(input as { StreamName: string }).StreamName}`,
      );
    },
  },
  {
    oracle: 'kinesis-local',
    kind: 'number-beside-trim-horizon',
    reason: 'kinesis-local overlooks a StartingSequenceNumber beside a type that wants none',
    fact: 'facts 4.3, RUN: AWS refuses it',
    witness: {
      action: 'GetShardIterator',
      input: { ...SHARD, ShardIteratorType: 'TRIM_HORIZON', StartingSequenceNumber: PLACES.sequence },
    },
    explains: (_request, theirs, ours) =>
      theirs.status === 200 && /and also a StartingSequenceNumber\.$/.test(ours.texts[0] ?? ''),
  },
  {
    oracle: 'kinesis-local',
    kind: 'number-for-ordering',
    reason:
      'kinesis-local reads no SequenceNumberForOrdering of version 0, and takes one of no version or of the future',
    fact: 'facts 4.3, RUN (kinesalite test/putRecord.js)',
    witness: { action: 'PutRecord', input: { ...PUT, SequenceNumberForOrdering: '0' } },
    explains: ({ input }, theirs, ours) =>
      theirs.texts[0] === 'SequenceNumber could not be parsed'
        ? ours.status === 200 &&
          BigInt((input as { SequenceNumberForOrdering: string }).SequenceNumberForOrdering) < 2n ** 129n
        : theirs.status === 200 && /^ExclusiveMinimumSequenceNumber /.test(ours.texts[0] ?? ''),
  },
  {
    oracle: 'kinesis-local',
    kind: 'split-at-the-edge',
    reason: 'kinesis-local splits at the first hash key of a shard, which leaves an empty range',
    fact: 'facts 4.3, RUN (kinesalite test/splitShard.js)',
    witness: {
      action: 'SplitShard',
      input: { StreamName: 'one', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '0' },
    },
    explains: ({ action }, theirs, ours) =>
      action === 'SplitShard' &&
      theirs.status === 200 &&
      /is not both greater than/.test(ours.texts[0] ?? ''),
  },
];
