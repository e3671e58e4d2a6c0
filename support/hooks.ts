import path from 'node:path';
import {
  After,
  AfterAll,
  Before,
  type ITestCaseHookParameter,
  Status,
  setDefaultTimeout,
  setDefinitionFunctionWrapper,
  setParallelCanAssign,
} from '@cucumber/cucumber';
import { messageOf, NotObservable } from '../infra/errors.ts';
import { DEPLOYMENT_VARIABLE } from '../infra/provision/deployment.ts';
import { isRoleName } from '../infra/proxy/roles.ts';
import { levelOf, Waits } from '../infra/retry/waits.ts';
import { isCapability, UNAVAILABLE } from '../infra/targets/capabilities.ts';
import { type Answer, announced, streamInPath } from './client/answer.ts';
import {
  EXCHANGE_MEDIA_TYPE,
  EXECUTION_LOG_MEDIA_TYPE,
  OBSERVATION_MEDIA_TYPE,
  SKIP_REASON_MEDIA_TYPE,
  TEST_INVOCATION_MEDIA_TYPE,
} from './client/exchange.ts';
import { redact } from './client/redact.ts';
import { closeWorker, deploymentOf } from './observe/worker.ts';
import { type Catalogue, loadCatalogue } from './run/catalogue.ts';
import { featuresIn } from './run/plan.ts';
import { ROOT } from './run/suite.ts';
import { refusedAnyway } from './scenario/refused-anyway.ts';
import type { ProxyWorld } from './world.ts';

/** How long a step may take in addition to its waits, in milliseconds. */
const CALLS_OF_A_STEP = 120_000;

// A dry run has no deployment, and needs no time.
if (process.env[DEPLOYMENT_VARIABLE])
  setDefaultTimeout(
    2 * new Waits(levelOf(deploymentOf(process.env).target.behaves)).longest + CALLS_OF_A_STEP,
  );

/** A scenario that counts resources of the whole account runs alone. */
setParallelCanAssign((next, running) => {
  const isExclusive = ({ tags }: typeof next) => tags.some(({ name }) => name === '@exclusive');
  return !running.some(isExclusive) && (!isExclusive(next) || running.length === 0);
});

/** A step that cannot be executed skips its scenario, with the reason. */
setDefinitionFunctionWrapper(
  (code: (...args: unknown[]) => unknown) =>
    async function (this: ProxyWorld, ...args: unknown[]) {
      try {
        return await code.apply(this, args);
      } catch (error) {
        if (!(error instanceof NotObservable)) throw error;
        return skip(this, error.message);
      }
    },
);

function skip(world: ProxyWorld, reason: string): 'skipped' {
  world.attach(redact(`not observable: ${reason}`), { mediaType: SKIP_REASON_MEDIA_TYPE });
  return 'skipped';
}

Before(function (this: ProxyWorld, { pickle }: ITestCaseHookParameter) {
  this.undo.writeTo(this.worker.journal);
  const tags = pickle.tags.map(({ name }) => name);
  this.features = featuresIn(tags);
  const lacking = missing(this, tags);
  return lacking === undefined ? undefined : skip(this, lacking);
});

/** Why a scenario with these tags cannot be tried; undefined if it can. */
function missing({ deployment }: ProxyWorld, tags: readonly string[]): string | undefined {
  for (const tag of tags) {
    const capability = tag.startsWith('@role:') ? 'own-roles' : tag.replace(/^@requires:/, '');
    // Without direct access to Kinesis a scenario runs through the proxy, and is not observable at best.
    if (capability === 'direct-kinesis') continue;
    if (isCapability(capability) && !deployment.capabilities.includes(capability))
      return `${UNAVAILABLE[capability]} (${capability})`;
    const role = tag.replace(/^@role:/, '');
    if (role !== 'full-access' && isRoleName(role) && deployment.underRole[role] === undefined)
      return `no proxy was deployed under the ${role} role`;
  }
  return undefined;
}

/** Long bodies are truncated: the beginning is enough. */
const MAX_ATTACHED_LENGTH = 20_000;
/** Evidence is compared as a whole if it is JSON. */
const MAX_EVIDENCE_LENGTH = 500_000;

/**
 * Why a passed scenario is not observable: it is about Kinesis, which it only saw through the proxy, or about methods
 * that it could not call.
 */
function unproved({ worker, offered }: ProxyWorld, tags: readonly string[]): string | undefined {
  if (offered.shut.size > 0) return offered.shutOut;
  if (worker.seesKinesis || !tags.includes('@requires:direct-kinesis')) return undefined;
  catalogue ??= loadCatalogue(path.join(ROOT, 'features/catalogue.yaml'));
  const open = tags
    .map((tag) => catalogue?.get(tag.slice(1)))
    .filter((clause) => clause?.observed.some((place) => place !== 'answer'));
  if (open.length === 0) return undefined;
  return `the responses are consistent, but ${UNAVAILABLE['direct-kinesis']} (direct-kinesis)`;
}

let catalogue: Catalogue | undefined;

After(async function (this: ProxyWorld, { result, pickle }: ITestCaseHookParameter) {
  const isFailed = result?.status === Status.FAILED;
  if (isFailed)
    await this.offered
      .tellStreams(this.streams)
      .then((told) => this.observations.push(...told))
      .catch((error: unknown) => this.observations.push(messageOf(error)));
  const tags = pickle.tags.map(({ name }) => name);
  // Before the streams go that a right call needs.
  const anyway = result?.status === Status.PASSED ? await refusedAnyway(this, tags) : undefined;
  const left = isFailed && this.deployment.keepsStreams ? [] : await this.undo.unwind();
  for (const line of left) this.log(redact(`not cleaned up: ${line}`));
  for (const answer of [...this.client.answers, ...this.testInvocations.answers]) {
    const numbers = announced(answer);
    if (numbers.length > 0) this.worker.forget(streamInPath(answer), numbers);
  }
  if (result?.status === Status.SKIPPED) return;
  const overlooked = result?.status === Status.PASSED ? this.client.overlooked : undefined;
  if (result?.status === Status.PASSED && overlooked === undefined) {
    if (this.deployment.keepsExchanges) attachExchanges(this, ({ repeated }) => !repeated);
    const reason = anyway ?? unproved(this, tags);
    return reason === undefined ? undefined : skip(this, reason);
  }
  if (!this.worker.seesKinesis)
    this.observations.push('Kinesis cannot be queried directly: its state was read through the proxy');
  for (const lacking of new Set(this.client.answers.map((answer) => answer.lacking)))
    if (lacking !== undefined) this.observations.push(lacking);
  await this.streams.recheck().catch((error: unknown) => this.observations.push(String(error)));
  attachExchanges(this, () => true);
  if (this.observations.length > 0)
    this.attach(redact([...new Set(this.observations)].join('\n')), { mediaType: OBSERVATION_MEDIA_TYPE });
  for (const log of this.testInvocations.logs)
    this.attach(redact(abridge(log, MAX_ATTACHED_LENGTH)), { mediaType: EXECUTION_LOG_MEDIA_TYPE });
  if (overlooked) throw new Error(`an error that no step examined: ${redact(String(overlooked))}`);
});

/** @param isWanted selects answers. A throttled call that was retried is not evidence for a clause. */
function attachExchanges(world: ProxyWorld, isWanted: (answer: Answer) => boolean): void {
  const limit = world.deployment.keepsExchanges ? MAX_EVIDENCE_LENGTH : MAX_ATTACHED_LENGTH;
  for (const { exchange } of world.client.answers.filter(isWanted)) {
    const { request, response } = exchange;
    const attached = {
      ...exchange,
      request: request.body === undefined ? request : { ...request, body: abridge(request.body, limit) },
      response: { ...response, body: abridge(response.body, limit) },
    };
    world.attach(redact(JSON.stringify(attached)), { mediaType: EXCHANGE_MEDIA_TYPE });
  }
  if (world.deployment.keepsExchanges)
    for (const exchange of world.testInvocations.exchanges)
      world.attach(redact(JSON.stringify(exchange)), { mediaType: TEST_INVOCATION_MEDIA_TYPE });
}

AfterAll(async () => {
  for (const line of await closeWorker()) process.stderr.write(`not cleaned up: ${redact(line)}\n`);
});

function abridge(body: string, limit: number): string {
  return body.length <= limit ? body : `${body.slice(0, MAX_ATTACHED_LENGTH)}…`;
}
