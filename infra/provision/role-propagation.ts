import type { RoleName } from '../proxy/roles.ts';
import { sleep } from '../retry/clock.ts';
import { type Waits, WaitTimeout } from '../retry/waits.ts';
import { authenticate } from '../targets/authenticate.ts';
import type { Authentication, DeployedApi } from '../targets/deployed-api.ts';
import { get } from './invoke-url.ts';

/** How many consecutive good answers show that all of API Gateway knows a role (inferred). */
const GOOD_ANSWERS = 3;
/** Roles that may list streams: a refusal means that their policy has not propagated yet. */
const MAY_LIST: readonly RoleName[] = ['full-access', 'read-only', 'stream-prefix'];
/** How long API Gateway may not know a new user: used for APIs that no harmless call can probe (inferred). */
const USER_LAG = 15_000;

/**
 * Waits until API Gateway can assume a new role. Until then calls end with 500 (docs/facts/gateway.md#role), and then,
 * until the role's policy has propagated, with a denial. For a role that cannot be assumed there is no wait. An API
 * that answers 500 for other reasons is judged after the wait like any other.
 * @param api.probePath a GET path of the API, or undefined if it has none.
 * @param api.authentication of a user that the run created; waits for this user too, whose calls end with 403 at
 * first.
 */
export async function waitUntilAssumable(
  role: RoleName,
  api: {
    readonly served: Pick<DeployedApi, 'baseUrl' | 'host'>;
    readonly probePath: string | undefined;
    readonly waits: Waits;
    readonly authentication?: Authentication;
  },
): Promise<void> {
  const { served, probePath, waits, authentication } = api;
  const { timeoutMs } = waits.get('role-assumable');
  if (role === 'untrusted' || timeoutMs === 0) return;
  if (probePath === undefined) {
    if (authentication) await sleep(Math.min(timeoutMs, USER_LAG));
    return;
  }
  const path = probePath.replace(/\{[^}]*\}/g, 'probe');
  let good = 0;
  const waiting = waits.until('role-assumable', `API Gateway to assume the role ${role}`, async () => {
    const seen = await get(served, path, true, await headersOf(served, path, authentication)).then(
      ({ status, body }) => `${status} ${body}`,
      (error: unknown) => String(error),
    );
    const isBad =
      !/^[1-4]/.test(seen) ||
      (authentication !== undefined && seen.startsWith('403')) ||
      (MAY_LIST.includes(role) && seen.includes('AccessDenied'));
    good = isBad ? 0 : good + 1;
    return good >= GOOD_ANSWERS ? { found: true } : { seen };
  });
  await waiting.catch((error: unknown) => {
    if (!(error instanceof WaitTimeout)) throw error;
  });
}

async function headersOf(
  { baseUrl, host }: Pick<DeployedApi, 'baseUrl' | 'host'>,
  path: string,
  authentication: Authentication | undefined,
): Promise<Readonly<Record<string, string>>> {
  if (authentication === undefined) return {};
  const headers: Record<string, string> = host === undefined ? {} : { Host: host };
  const call = { method: 'GET', url: baseUrl + path, headers };
  const signed = await authenticate(call, authentication, () =>
    Promise.reject(new Error('a user that the run created has a key')),
  );
  return signed.headers;
}
