import assert from 'node:assert/strict';
import { Then, When } from '@cucumber/cucumber';
import { type CallName, tutorialRequest } from '../support/client/requests.ts';
import type { ProxyWorld } from '../support/world.ts';

// A creation of what is there and a deletion of what is not show their requests and do nothing.
When('an operator test-invokes the call to {call}', async function (this: ProxyWorld, call: CallName) {
  const stream = this.streams.nameOf(
    ['delete a stream', 'list streams'].includes(call) ? 'an unknown stream' : 'the stream',
  );
  const subjects = { stream, newStream: stream, shardId: 'shard-000000000004', iterator: 'an iterator' };
  await this.testInvokes(stream, tutorialRequest(call, subjects));
});

When(
  'each of the eight calls is made to the stage and as a test invocation',
  async function (this: ProxyWorld) {
    await this.callsBothWays();
  },
);

Then('the request to Kinesis is {word} with:', function (this: ProxyWorld, action: string, request: string) {
  assert.equal(this.logged?.action, action);
  assert.deepEqual(
    JSON.parse(this.logged?.body ?? ''),
    JSON.parse(request.replaceAll('{stream-name}', this.requested)),
  );
});

Then('the request to Kinesis has JSON 1.1 as its content type', function (this: ProxyWorld) {
  assert.match(String(this.logged?.contentType), /^(application\/)?x-amz-json-1\.1$/);
});

Then('both ways give the same answers and leave the same in Kinesis', function (this: ProxyWorld) {
  const [deployed, tested] = this.rounds;
  assert.deepEqual(tested, deployed);
});
