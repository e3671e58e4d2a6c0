import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tally } from '../../report.ts';
import type { Implementation } from '../implementations/implementation.ts';
import { startOurs } from '../implementations/ours.ts';
import { search } from '../search.ts';
import { compareSequences, type SequenceExplanation } from './compare.ts';
import type { SequenceRequest } from './request.ts';
import type { Step } from './steps.ts';

type Json = Record<string, unknown>;

/** Our Kinesis with a defect in the answers of one action. */
function withDefect(action: string, change: (answer: Json) => Json): Implementation {
  const { call, stop } = startOurs(Date.now);
  return {
    call: async (asked, text) => {
      const { status, body } = await call(asked, text);
      if (asked !== action || status !== 200) return { status, body };
      return { status, body: JSON.stringify(change(JSON.parse(body) as Json)) };
    },
    stop,
  };
}

async function compare(
  oracle: Implementation,
  explanations: readonly SequenceExplanation[] = [],
  cases = 150,
) {
  const coverage = { calls: 0, compared: { kinesalite: 0, 'kinesis-local': 0 } };
  const tally = new Tally();
  const sequences = compareSequences(startOurs(Date.now), { kinesalite: oracle }, explanations, coverage);
  const found = await search(sequences, { cases, seed: 1 }, tally);
  return { found, coverage, explained: tally.explained, differences: sequences.differences };
}

const explanation = (given: Partial<SequenceExplanation>): SequenceExplanation => ({
  oracle: 'kinesalite',
  kind: 'known',
  reason: 'r',
  fact: 'f',
  witness: [],
  ...given,
});

test('two equal implementations have no differences, and every call is compared', async () => {
  const { found, coverage } = await compare(startOurs(Date.now), [], 100);
  assert.deepEqual(found, []);
  assert.ok(coverage.compared.kinesalite > 500, `${coverage.compared.kinesalite} calls`);
});

test('defects in reading, numbering and resharding are found, each by a short sequence', async () => {
  const lastRecordLost = ({ Records, ...rest }: Json) => ({
    ...rest,
    Records: (Records as unknown[]).slice(0, -1),
  });
  const iteratorLost = ({ NextShardIterator: _, ...rest }: Json) => rest;
  const number = '49600000000000000000000000000000000000000000000000000002';
  const endless = ({ StreamDescription }: Json) => ({
    StreamDescription: {
      ...(StreamDescription as Json),
      Shards: ((StreamDescription as Json).Shards as Json[]).map((shard) => ({
        ...shard,
        SequenceNumberRange: {
          StartingSequenceNumber: (shard.SequenceNumberRange as Json).StartingSequenceNumber,
        },
      })),
    },
  });
  for (const [action, change, last, calls] of [
    ['GetRecords', lastRecordLost, 'GetRecords', 4],
    ['GetRecords', iteratorLost, 'GetRecords', 4],
    ['PutRecord', (answer: Json) => ({ ...answer, SequenceNumber: number }), '(?:PutRecord|GetRecords)', 4],
    ['PutRecord', (answer: Json) => ({ ...answer, ShardId: 'shardId-000000000009' }), 'PutRecord', 2],
    ['DescribeStream', endless, '(?:SplitShard|MergeShards|UpdateShardCount)', 2],
  ] as const) {
    const { found } = await compare(withDefect(action, change));
    const path = found[0]?.input.trim().split('\n') ?? [];
    assert.match(path.at(-1) ?? '', new RegExp(`^ *\\d+ ${last} `));
    assert.ok(path.length <= calls, path.join('\n'));
  }
});

test('a corrected difference is counted as explained, and any remaining one is reported', async () => {
  const wrong = withDefect('DescribeStreamSummary', ({ StreamDescriptionSummary: summary }) => ({
    StreamDescriptionSummary: { ...(summary as Json), OpenShardCount: 99, ConsumerCount: 9 },
  }));
  const correct =
    (...names: readonly string[]): NonNullable<SequenceExplanation['correct']> =>
    ({ action }: SequenceRequest, theirs, ours) => {
      if (action !== 'DescribeStreamSummary') return undefined;
      const own = names.map((name) => [name, ours.meaning.values?.[name]]);
      const values = { ...theirs.meaning.values, ...Object.fromEntries(own) };
      return { ...theirs, meaning: { ...theirs.meaning, values } };
    };
  const both = await compare(wrong, [
    explanation({ kind: 'one', correct: correct('OpenShardCount') }),
    explanation({ kind: 'other', correct: correct('ConsumerCount') }),
  ]);
  assert.deepEqual(both.found, []);
  assert.deepEqual(both.explained.map(({ kind }) => kind).sort(), ['one', 'other']);
  const { found } = await compare(wrong, [explanation({ correct: correct('OpenShardCount') })]);
  assert.match(found[0]?.expected ?? '', /"ConsumerCount":9/);
});

test('after a change that only one of them made, nothing more is compared', async () => {
  const { call, stop } = startOurs(Date.now);
  const unsplit: Implementation = {
    call: async (action, body) =>
      action === 'SplitShard' ? { status: 400, body: '{"__type":"X"}' } : call(action, body),
    stop,
  };
  const steps: readonly Step[] = [
    { do: 'create', stream: 0, shards: 1 },
    { do: 'split', stream: 0, shard: 0 },
    { do: 'shards', stream: 0 },
  ];
  const known = explanation({
    correct: ({ action }, _theirs, ours) => (action === 'SplitShard' ? ours : undefined),
  });
  const { differences, coverage } = await compare(unsplit, [known], 0);
  assert.deepEqual(
    (await differences(steps)).map(({ explanation }) => explanation?.kind),
    ['known'],
  );
  assert.equal(coverage.compared.kinesalite, 2);
});

test('an oracle that is known not to answer is tried once', async () => {
  const { call, stop } = startOurs(Date.now);
  const silent: Implementation = {
    call: (action, body) => (action === 'ListShards' ? new Promise(() => undefined) : call(action, body)),
    stop,
  };
  const steps: readonly Step[] = [
    { do: 'create', stream: 0, shards: 1 },
    { do: 'shards', stream: 0 },
    { do: 'shards', stream: 0 },
  ];
  const known = explanation({ isSilent: ({ action }) => action === 'ListShards' });
  const through = await compare(silent, [known], 0);
  assert.equal(
    (await through.differences(steps)).filter(({ explanation }) => explanation === known).length,
    2,
  );
  const answering = await compare(startOurs(Date.now), [known], 0);
  const [first] = await answering.differences(steps);
  assert.deepEqual([first?.explanation, first?.expected], [undefined, 'kinesalite: an answer']);
});
