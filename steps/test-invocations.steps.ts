import { Then, When } from '@cucumber/cucumber';
import { type CallName, tutorialRequest } from '../support/client/requests.ts';
import { expect } from '../support/expect/expect.ts';
import type { ProxyWorld } from '../support/world.ts';

// Creating an existing stream and deleting a missing one show their requests but change nothing.
When('an operator test-invokes the call to {call}', async function (this: ProxyWorld, call: CallName) {
  const stream = this.streams.nameOf(
    ['delete a stream', 'list streams'].includes(call) ? 'an unknown stream' : 'the stream',
  );
  const subjects = { stream, newStream: stream, shardId: 'shard-000000000004', iterator: 'an iterator' };
  await this.testInvocations.invokes(stream, tutorialRequest(call, subjects));
});

When(
  'each of the eight calls is made to the stage and as a test invocation',
  async function (this: ProxyWorld) {
    await this.testInvocations.callsBothWays();
  },
);

Then('the request to Kinesis is {word} with:', function (this: ProxyWorld, action: string, request: string) {
  expect(this.testInvocations.logged?.action, 'the action called').to.equal(action);
  const body = this.testInvocations.logged?.body ?? '';
  expect(jsonOrText(body), 'the request to Kinesis').to.deep.equal(
    JSON.parse(request.replaceAll('{stream-name}', this.requested)),
  );
});

Then(
  'the request to Kinesis is {word} for the stream in the path',
  function (this: ProxyWorld, action: string) {
    expect(this.testInvocations.logged?.action, 'the action called').to.equal(action);
    const { StreamName, ...rest } = requestBody(this.testInvocations.logged?.body ?? '');
    // A request that is not JSON creates nothing.
    if (StreamName !== undefined)
      expect(StreamName, 'the stream in the request to Kinesis').to.equal(this.requested);
    if (rest.StreamModeDetails !== undefined)
      this.reportWeakness('a ShardCount of text adds members to the request to Kinesis');
  },
);

/** A template may render a request that is not JSON. */
function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function requestBody(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

Then('the request to Kinesis has JSON 1.1 as its content type', function (this: ProxyWorld) {
  expect(this.testInvocations.logged?.contentType, 'the content type').to.match(
    /^(application\/)?x-amz-json-1\.1$/,
  );
});

Then('both ways give the same answers and leave the same in Kinesis', function (this: ProxyWorld) {
  const [deployed, tested] = this.testInvocations.series;
  expect(tested, 'the answers and effects of test invocations').to.deep.equal(deployed);
});
