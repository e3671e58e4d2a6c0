import { test } from 'node:test';
import { Answer } from '../client/answer.ts';
import { expect } from './expect.ts';

function answer(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return new Answer({
    request: { method: 'GET', url: 'http://x/streams', headers: {} },
    response: { status, headers, body },
    durationMs: 1,
  });
}

const good = answer(200, '{"ShardId":"shardId-000000000001","n":{"m":[1]}}', { 'content-type': 'text/x' });
const refusal = answer(200, '{"__type":"com.amazonaws#ResourceNotFoundException","message":"no"}');

const FAILURES: readonly [string, () => void][] = [
  ['expected success, and GET http://x/streams answered 200 {"__type":', () => expect(refusal).to.succeed()],
  ['expected no success, and GET', () => expect(good).to.not.succeed()],
  ['expected the status 404, and GET http://x/streams answered 200', () => expect(good).to.have.status(404)],
  ['expected an error of Kinesis, and GET', () => expect(good).to.be.refusedByKinesis()],
  [
    "expected Kinesis's LimitExceededException, and GET",
    () => expect(refusal).to.be.refusedByKinesis('LimitExceededException'),
  ],
  ['expected anything but an error of Kinesis, and GET', () => expect(refusal).to.not.be.refusedByKinesis()],
  ['expected a member no.where, and GET', () => expect(good).to.have.field('no.where')],
  ['expected n.m to be [ 2 ], and GET', () => expect(good).to.have.field('n.m', [2])],
  ['expected no member ShardId, and GET', () => expect(good).to.not.have.field('ShardId')],
  ['expected n to be a shard id, and GET', () => expect(good).to.have.fieldOfKind('n', 'a shard id')],
  ['expected the header X-A: b, which is absent: GET', () => expect(good).to.have.header('X-A', 'b')],
  [
    'expected the header Content-Type: /json/, which is text/x',
    () => expect(good).to.have.header('Content-Type', /json/),
  ],
  ['expected no header Content-Type: GET', () => expect(good).to.not.have.header('Content-Type')],
  [
    'expected s to have 5 shards, and it has 1',
    () => expect({ StreamName: 's', Shards: [{}] }).to.have.shards(5),
  ],
  ['expected the stream to have 1 shard, and it has 0', () => expect({}).to.have.shards(1)],
  ["expected the log to hold [ 1n ], and it holds [ 'a' ]", () => expect(['a'], 'the log').to.hold([1n])],
  [
    'expected the stream to hold 20, and it holds 19; the first that differs is undefined instead of 19',
    () => expect([...Array(19).keys()]).to.hold([...Array(20).keys()]),
  ],
  ['expected an answer of the proxy, and this is 3', () => expect(3).to.succeed()],
];

for (const [sentence, check] of FAILURES)
  test(`a failure is a sentence: ${sentence}`, () => {
    expect(check)
      .to.throw()
      .with.property('message')
      .that.satisfies((text: string) => text.startsWith(sentence));
  });

test('a true assertion passes', () => {
  expect(good).to.succeed();
  expect(good).to.have.status(200);
  expect(refusal).to.not.succeed();
  expect(refusal).to.be.refusedByKinesis();
  expect(refusal).to.be.refusedByKinesis('ResourceNotFoundException');
  expect(good).to.have.field('n.m', [1]);
  expect(good).to.not.have.field('m');
  expect(good).to.have.fieldOfKind('ShardId', 'a shard id');
  expect(good).to.have.header('content-type', 'text/x');
  expect(good).to.not.have.header('x');
  expect({ Shards: [{}, {}] }).to.have.shards(2);
  expect([{ a: 1n }]).to.hold([{ a: 1n }]);
});
