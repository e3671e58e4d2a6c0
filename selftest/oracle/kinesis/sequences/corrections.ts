import type { SequenceExplanation } from './compare.ts';
import type { Meaning, Observation, ShardMeaning } from './meaning.ts';
import type { SequenceRequest } from './request.ts';

type Correction = Pick<SequenceExplanation, 'correct' | 'isSilent' | 'parts'>;

/** Members that botocore has and an implementation does not. */
const MISSING_MEMBERS = [
  'StreamSummaries',
  'StreamModeDetails',
  'StreamARN',
  'MaxRecordSizeInKiB',
  'RecordDistributionStrategy',
];
/** How far a boundary of kinesis-local may be off: at most one for each shard below it. */
const MAX_OFF = 6n;

/** For each kind in explained.yaml, how the known defect shows, and the answer without it. */
export const CORRECTIONS: Readonly<Record<string, Correction>> = {
  'time-without-record': {
    isSilent: ({ action, about }) => action === 'GetShardIterator' && about.hasLaterRecord === false,
  },
  'start-overlooked': {
    correct: ({ action, input }, theirs, ours) =>
      action === 'DescribeStream' && input.ExclusiveStartShardId !== undefined
        ? changed(theirs, {
            shards: theirs.meaning.shards?.filter(({ id }) =>
              ours.meaning.shards?.some((shard) => shard.id === id),
            ),
          })
        : undefined,
  },
  'ends-a-read-later': {
    correct: ({ action }, theirs, ours) =>
      action === 'GetRecords' && ours.meaning.iterator === 'none' && theirs.meaning.iterator === 'well-formed'
        ? changed(theirs, {
            iterator: 'none',
            members: theirs.meaning.members?.filter((name) => name !== 'NextShardIterator'),
          })
        : undefined,
  },
  'no-child-shards': {
    correct: (_request, theirs, ours) =>
      ours.meaning.members?.includes('ChildShards') &&
      theirs.meaning.iterator === 'none' &&
      theirs.meaning.shards === undefined
        ? changed(withMembers(theirs, ['ChildShards']), { shards: ours.meaning.shards })
        : undefined,
  },
  'never-behind': { correct: withRecordsBehind },
  'behind-by-arrival': { correct: withRecordsBehind },
  'behind-a-closed-end': {
    correct: (_request, theirs, ours) =>
      theirs.meaning.isBehind && theirs.meaning.iterator === 'none' && ours.meaning.isBehind === false
        ? changed(theirs, { isBehind: false })
        : undefined,
  },
  'no-update-shard-count': {
    correct: ({ action }, theirs, ours) =>
      action === 'UpdateShardCount' && theirs.outcome.type === 'UnknownOperationException' ? ours : undefined,
  },
  'shorter-retention': {
    correct: ({ action }, theirs, ours) =>
      /Retention/.test(action) &&
      theirs.outcome.texts.some((text) => text.endsWith('less than or equal to 168'))
        ? ours
        : undefined,
  },
  'reshards-a-closed-shard': {
    correct: (_request, theirs, ours) =>
      ours.outcome.texts[0]?.includes('has already been merged or split') &&
      (theirs.outcome.status === 200 || theirs.outcome.texts[0]?.includes('are not an adjacent pair'))
        ? ours
        : undefined,
  },
  'index-by-fives': {
    correct: ({ about }, theirs) =>
      theirs.meaning.isConsecutive === false && (about.shards ?? 0) > 5
        ? changed(theirs, { isConsecutive: true })
        : undefined,
  },
  'arrives-ahead': {
    parts: true,
    correct: ({ about: { origin } }, theirs, ours) => {
      if (origin?.input.ShardIteratorType !== 'AT_TIMESTAMP' || !origin.about.isChild) return undefined;
      const own = ours.meaning.records?.map(({ label }) => label);
      return theirs.meaning.records?.some(({ label }) => !own?.includes(label)) ? ours : undefined;
    },
  },
  'older-members': { correct: withMissingMembers },
  'missing-members': { correct: withMissingMembers },
  'encryption-type': {
    correct: ({ action }, theirs) =>
      action.startsWith('Put') && theirs.meaning.members?.includes('EncryptionType')
        ? changed(theirs, { members: theirs.meaning.members.filter((name) => name !== 'EncryptionType') })
        : undefined,
  },
  'hash-ranges': {
    correct: (_request, theirs, ours) =>
      eachShard(theirs, ours, (shard, own) =>
        isClose(shard.range, own.range) ? { ...shard, range: own.range } : shard,
      ),
  },
  'ending-number': {
    correct: (_request, theirs, ours) =>
      eachShard(theirs, ours, (shard, own) =>
        isNumber(shard.ends, false) && isNumber(own.ends, true) ? { ...shard, ends: own.ends } : shard,
      ),
  },
  'start-of-merged': {
    correct: (_request, theirs, ours) =>
      eachShard(theirs, ours, (shard, own) =>
        isNumber(shard.starts, false) && shard.parents.length === 2
          ? { ...shard, starts: own.starts }
          : shard,
      ),
  },
  'index-by-shard': {
    correct: (_request, theirs) =>
      theirs.meaning.isConsecutive === false ? changed(theirs, { isConsecutive: true }) : undefined,
  },
  'closed-as-in-use': {
    correct: (_request, theirs, ours) =>
      isText(theirs, /^Shard \S+ is not active$/) && isText(ours, /has already been merged or split/)
        ? ours
        : undefined,
  },
  'empty-shard-takes-all': {
    correct: ({ action }, theirs, ours) =>
      action === 'GetShardIterator' &&
      theirs.outcome.status === 200 &&
      isText(ours, /cannot be greater than the currentTimestampInMillis|It encodes/)
        ? ours
        : undefined,
  },
  'number-of-no-record': {
    correct: ({ input }, theirs, ours) =>
      isText(theirs, /^Unable to find record with provided SequenceNumber/) &&
      (isText(ours, /It encodes/) || /^<end of/.test(String(input.StartingSequenceNumber)))
        ? ours
        : undefined,
  },
  'unknown-start': {
    correct: ({ action, input }, theirs) => {
      const { values } = theirs.meaning;
      if (action === 'ListStreams' && values !== undefined) {
        const names = (values.StreamNames as string[]).filter(
          (name) => name > String(input.ExclusiveStartStreamName),
        );
        return changed(theirs, { values: { ...values, StreamNames: names } });
      }
      if (action !== 'ListTagsForStream' || values === undefined || input.ExclusiveStartTagKey === undefined)
        return undefined;
      const tags = (values.Tags as { Key: string }[]).filter(
        ({ Key }) => Key > String(input.ExclusiveStartTagKey),
      );
      return changed(theirs, { values: { ...values, Tags: tags } });
    },
  },
  'half-rounded-down': {
    correct: ({ action }, theirs, ours) =>
      action === 'UpdateShardCount' &&
      theirs.outcome.status === 200 &&
      isText(ours, /below half your current/)
        ? ours
        : undefined,
  },
  'halves-only': {
    parts: true,
    correct: ({ action }, theirs, ours) =>
      action === 'UpdateShardCount' && theirs.outcome.status === 200 && ours.outcome.status === 200
        ? changed(theirs, { shards: ours.meaning.shards })
        : undefined,
  },
};

/** Adds the members that ours has and theirs lacks. */
function withMissingMembers(
  _request: SequenceRequest,
  theirs: Observation,
  ours: Observation,
): Observation | undefined {
  const { members, values } = theirs.meaning;
  const missing = MISSING_MEMBERS.filter(
    (name) => ours.meaning.members?.includes(name) && members?.includes(name) === false,
  );
  if (missing.length === 0) return undefined;
  const own = Object.entries(ours.meaning.values ?? {}).filter(([name]) => missing.includes(name));
  return changed(
    withMembers(theirs, missing),
    values && { values: { ...values, ...Object.fromEntries(own) } },
  );
}

function withRecordsBehind(
  _request: SequenceRequest,
  theirs: Observation,
  ours: Observation,
): Observation | undefined {
  return theirs.meaning.isBehind === false && ours.meaning.isBehind
    ? changed(theirs, { isBehind: true })
    : undefined;
}

function changed({ outcome, meaning }: Observation, changes: Partial<Meaning> = {}): Observation {
  return { outcome, meaning: { ...meaning, ...changes } };
}

function withMembers(observation: Observation, names: readonly string[]): Observation {
  return changed(observation, { members: [...(observation.meaning.members ?? []), ...names].sort() });
}

/** Undefined where nothing changes. */
function eachShard(
  theirs: Observation,
  ours: Observation,
  change: (shard: ShardMeaning, own: ShardMeaning) => ShardMeaning,
): Observation | undefined {
  const shards = theirs.meaning.shards?.map((shard) => {
    const own = ours.meaning.shards?.find(({ id }) => id === shard.id);
    return own === undefined ? shard : change(shard, own);
  });
  return shards?.some((shard, index) => shard !== theirs.meaning.shards?.[index])
    ? changed(theirs, { shards })
    : undefined;
}

function isText({ outcome }: Observation, pattern: RegExp): boolean {
  return outcome.texts.some((text) => pattern.test(text));
}

function isNumber(number: ShardMeaning['ends'], isOwn: boolean): boolean {
  return number !== 'none' && number.isOwn === isOwn;
}

function isClose(range: ShardMeaning['range'], own: ShardMeaning['range']): boolean {
  const offs = range.map((end, index) => BigInt(end) - BigInt(own[index] ?? 0));
  return offs.some((off) => off !== 0n) && offs.every((off) => off >= -MAX_OFF && off <= MAX_OFF);
}
