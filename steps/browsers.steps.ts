import { Given, Then, When } from '@cucumber/cucumber';
import { ANONYMOUS, UNKNOWN_API_KEY } from '../support/client/caller-identity.ts';
import type { ProxyRequest } from '../support/client/requests.ts';
import { expect } from '../support/expect/expect.ts';
import { withHalfItsBody } from '../support/scenario/bodies.ts';
import { hindrances } from '../support/scenario/preflight.ts';
import { callsAction } from '../support/scenario/production.ts';
import type { ProxyWorld } from '../support/world.ts';

Given('the origin that a preflight of {action} allows', async function (this: ProxyWorld, action: string) {
  await this.offered.preflight(action);
});

When('a browser asks whether a page may call {action}', async function (this: ProxyWorld, action: string) {
  await this.offered.preflight(action);
});

Then('the browser would let the page call it', function (this: ProxyWorld) {
  for (const preflight of this.offered.preflights) {
    const found = hindrances(preflight);
    if (found.length > 0)
      expect.fail(`expected a preflight that lets a page call, and ${found.join(', ')}: ${preflight.answer}`);
  }
});

When('the client calls {action} from that origin', async function (this: ProxyWorld, action: string) {
  await callsFromOrigin(this, action);
});

When(
  'the client calls {action} from that origin with a body of the media type {string}',
  async function (this: ProxyWorld, action: string, mediaType: string) {
    await callsFromOrigin(this, action, (request) => ({
      ...request,
      headers: { ...request.headers, 'Content-Type': mediaType },
    }));
  },
);

When(
  'the client calls {action} from that origin with half a JSON document',
  async function (this: ProxyWorld, action: string) {
    await callsFromOrigin(this, action, withHalfItsBody);
  },
);

When(
  'the client calls {action} from that origin with another API key',
  async function (this: ProxyWorld, action: string) {
    this.client.identity = UNKNOWN_API_KEY;
    await callsFromOrigin(this, action);
  },
);

When(
  'the client calls {action} from that origin anonymously',
  async function (this: ProxyWorld, action: string) {
    this.client.identity = ANONYMOUS;
    await callsFromOrigin(this, action);
  },
);

Then('each answer allows the origin', function (this: ProxyWorld) {
  for (const { call, answer } of this.offered.attempts) {
    const origin = this.offered.originOf(call);
    const allowed = answer.header('access-control-allow-origin');
    const wanted = [...new Set(['*', origin])].join(' or ');
    if (allowed !== '*' && allowed !== origin)
      expect.fail(
        `expected Access-Control-Allow-Origin to be ${wanted}, and it is ${allowed ?? 'absent'}: ${answer}`,
      );
  }
});

function callsFromOrigin(
  world: ProxyWorld,
  action: string,
  change: (request: ProxyRequest) => ProxyRequest = (request) => request,
): Promise<void> {
  return callsAction(world, action, {}, (request, _told, call) =>
    world.offered.fromOrigin(change(request), call),
  );
}
