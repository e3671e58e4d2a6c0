import { Given, When } from '@cucumber/cucumber';
import type { RoleName } from '../infra/proxy/roles.ts';
import { type CallName, rawRequest } from '../support/client/requests.ts';
import { rawKinesisRequest, refusedByKinesis, withBody } from '../support/client/variations.ts';
import type { ProxyWorld, StreamReference } from '../support/world.ts';

Given('the proxy runs under the {role} role', function (this: ProxyWorld, role: RoleName) {
  this.runUnder(role);
});

Given('the client adds the query string {string}', function (this: ProxyWorld, query: string) {
  this.adds({ query: [...new URLSearchParams(query)] });
});

Given('the client adds {body}', function (this: ProxyWorld, body: string) {
  this.adds({ body: JSON.parse(body) });
});

Given(
  'the client also names {stream} in query string and body',
  function (this: ProxyWorld, stream: StreamReference) {
    const name = this.streams.nameOf(stream);
    const named = { StreamName: name, 'stream-name': name };
    this.adds({ query: Object.entries(named), body: named });
  },
);

Given("the client's media type is {string}", function (this: ProxyWorld, mediaType: string) {
  this.adds({ mediaType });
});

Given('the client names no media type', function (this: ProxyWorld) {
  this.adds({ mediaType: null });
});

Given('the client sends the trace id {string}', function (this: ProxyWorld, traceId: string) {
  this.adds({ headers: { 'X-Amzn-Trace-Id': traceId } });
});

When('the client makes each of the eight calls', async function (this: ProxyWorld) {
  await this.callsAllEight();
});

When('the client tries, and fails, to {call}', async function (this: ProxyWorld, call: CallName) {
  await this.calls(
    refusedByKinesis(call, this.streams.nameOf('the stream'), this.streams.nameOf('an unknown stream')),
  );
});

When(
  'the client sends {body} to {call}',
  async function (this: ProxyWorld, body: string | undefined, call: CallName) {
    await this.calls(
      withBody(
        call,
        this.streams.nameOf(call === 'create a stream' ? 'an unknown stream' : 'the stream'),
        body,
      ),
    );
  },
);

When('the client sends a raw Kinesis request to {call}', async function (this: ProxyWorld, call: CallName) {
  await this.calls(
    rawKinesisRequest(call, this.streams.nameOf('the stream'), this.streams.nameOf('an unknown stream')),
  );
});

When('the client sends {word} to {path}', async function (this: ProxyWorld, method: string, path: string) {
  await this.calls(rawRequest(method, path, path.includes('{') ? this.streams.nameOf('the stream') : ''));
});

When(
  'the client tries the verbs {string} on {path}',
  async function (this: ProxyWorld, verbs: string, path: string) {
    const stream = path.includes('{') ? this.streams.nameOf('the stream') : '';
    await this.callsEach(verbs.split(', ').map((verb) => rawRequest(verb, path, stream)));
  },
);
