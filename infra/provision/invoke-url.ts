import { callBounded } from '../bounds/http.ts';
import { messageOf, TargetError } from '../errors.ts';
import { callBehind, quotaKeys } from '../retry/calls.ts';
import { now, sleep } from '../retry/clock.ts';
import { rateLimiter } from '../retry/rate-limit.ts';
import type { DeployedApi } from '../targets/deployed-api.ts';
import type { InvokeForm } from '../targets/target.ts';

type Served = Pick<DeployedApi, 'baseUrl' | 'host'>;

/** The form that serves the API, and the resulting URL. */
export interface Found {
  readonly form: InvokeForm;
  readonly served: Served;
}

/**
 * The result of one call of a stage URL. `absent`: the API is not there (yet); `present`: the API answers; `unsure`: a
 * gateway answers, but not as expected for the path that the definition declares.
 */
interface Probe extends Found {
  readonly state: 'present' | 'unsure' | 'absent' | 'unreachable';
  readonly seen: string;
}

/**
 * Waits for a deployment to take effect, and finds the form of invoke URL that serves its stage.
 * @param forms candidates, most likely first.
 * @param probePath a GET path of the API, or undefined if it has none.
 * @param inARow how many consecutive good answers show that the deployment has reached all of API Gateway; with more
 * than one the calls also keep to AWS's quotas.
 * @throws TargetError if none answers in time; the message lists the answers.
 */
export async function findInvokeUrl(options: {
  forms: readonly InvokeForm[];
  values: Readonly<Record<string, string>>;
  probePath: string | undefined;
  timeoutMillis: number;
  intervalMillis: number;
  inARow?: number;
}): Promise<Found> {
  const { inARow = 1 } = options;
  const candidates = options.forms.map((form) => ({ form, served: fill(form, options.values) }));
  const path = (options.probePath ?? '/').replace(/\{[^}]*\}/g, 'probe');
  const deadline = now() + options.timeoutMillis;
  const good = new Map<InvokeForm, number>();
  for (;;) {
    const probes: Probe[] = [];
    for (const candidate of candidates) {
      const probe = await attempt(candidate, path, options.probePath !== undefined, inARow > 1);
      const run = probe.state === 'present' ? (good.get(candidate.form) ?? 0) + 1 : 0;
      good.set(candidate.form, run);
      if (run >= inARow) return candidate;
      probes.push(probe);
    }
    if (now() >= deadline) {
      // A gateway that knows the stage but not the path may serve a definition without that path, and one that refuses
      // the call may serve a definition that requires a key. Use the URL and leave it to the clauses.
      const unsure =
        probes.find(
          ({ state, seen }) => state === 'unsure' && seen.includes('Missing Authentication Token'),
        ) ?? probes.find(({ state }) => state === 'unsure');
      if (unsure) return unsure;
      const insisted = probes.find(({ form, state }) => form.insisted && state !== 'unreachable');
      if (insisted) return insisted;
      const seen = probes.map((probe) => `${describe(probe.served)}: ${probe.seen}`).join('; ');
      throw new TargetError(
        `the API was deployed but no invoke URL answered within ${options.timeoutMillis / 1000} s (${seen}); give the form of the URL with --execute-api-url`,
      );
    }
    await sleep(options.intervalMillis);
  }
}

function fill(form: InvokeForm, values: Readonly<Record<string, string>>): Served {
  const put = (template: string) =>
    template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  return {
    baseUrl: put(form.url).replace(/\/+$/, ''),
    ...(form.host === undefined ? {} : { host: put(form.host) }),
  };
}

function describe({ baseUrl, host }: Served): string {
  return host === undefined ? baseUrl : `${baseUrl} with Host ${host}`;
}

async function attempt(
  { form, served }: Found,
  path: string,
  declared: boolean,
  paced: boolean,
): Promise<Probe> {
  try {
    const { status, body, isGateways } = await get(served, path, paced);
    const seen = `${status} ${body.slice(0, 120).replace(/\s+/g, ' ')}`;
    return { form, served, state: judge(status, body, { declared, isGateways }), seen };
  } catch (error) {
    return { form, served, state: 'unreachable', seen: messageOf(error) };
  }
}

/**
 * Sends one GET to a deployed API. `isGateways`: the answer has headers of API Gateway
 * (docs/facts/gateway.md#response-headers).
 * @param paced keeps to AWS's quotas.
 * @param further additional headers.
 */
export async function get(
  served: Served,
  path: string,
  paced: boolean,
  further: Readonly<Record<string, string>> = {},
): Promise<{ status: number; body: string; isGateways: boolean }> {
  const headers = { ...(served.host !== undefined && { Host: served.host }), ...further };
  const call = paced ? callBehind({ method: 'GET', path, query: [], headers }) : undefined;
  return rateLimiter.turn(call ? quotaKeys(call) : [], async () => {
    const answer = await callBounded(served.baseUrl + path, { headers, deadlineMs: 30_000 });
    const isGateways = MARKS.some((name) => answer.headers[name] !== undefined);
    return { status: answer.status, body: answer.body, isGateways };
  });
}

/**
 * Headers of the answers that API Gateway generates or passes on; other services send different ones
 * (docs/facts/gateway.md#response-headers).
 */
const MARKS = ['x-amz-apigw-id', 'x-amzn-errortype', 'x-amzn-requestid'];

/**
 * For a stage that is not deployed yet, 403 or 404 has another text than for an unknown path of a deployed stage
 * (docs/facts/gateway.md#errors). A defective definition may answer like that permanently; if so at the end of the
 * wait, the clauses judge it.
 */
function judge(
  status: number,
  body: string,
  { declared, isGateways }: { declared: boolean; isGateways: boolean },
): Probe['state'] {
  if (status === 403 && body.includes('Missing Authentication Token')) return declared ? 'unsure' : 'present';
  const isDoubtful = status === 403 || status === 404 || status === 501 || body.trimStart().startsWith('<');
  if (isDoubtful) return isGateways ? 'unsure' : 'absent';
  return 'present';
}
