import { nameOfCall } from '../../infra/definition/interface/describe.ts';
import type { Call } from '../../infra/definition/interface/types.ts';
import { NotObservable } from '../../infra/errors.ts';
import type { Answer } from '../client/answer.ts';
import { OWN_IDENTITY } from '../client/caller-identity.ts';
import type { ProxyWorld } from '../world.ts';
import type { Attempt } from './offered.ts';
import { subjectsOf } from './production.ts';

/** The clauses whose scenarios may pass because a call is refused. */
const ABOUT_REFUSALS: ReadonlySet<string> = new Set([
  '@SAFE-6',
  '@SAFE-10',
  '@SAFE-12',
  '@SAFE-13',
  '@SAFE-14',
  '@SAFE-15',
]);
/** Streams are not created or deleted to find out. */
const COSTLY: ReadonlySet<string> = new Set(['CreateStream', 'DeleteStream']);

/** Under another role, and while Kinesis fails, right calls are refused as well. */
const UNDER_CONDITIONS = /^@(?:role:|requires:kinesis-conditions)/;

/** How a right call of each method is answered. */
const rightAnswers = new WeakMap<Call, Promise<Answer | undefined>>();

/**
 * Why a passed scenario shows nothing: a method refused all of its calls as it refuses right ones, such as where the
 * API's role allows nothing. Undefined if it shows something.
 */
export async function refusedAnyway(world: ProxyWorld, tags: readonly string[]): Promise<string | undefined> {
  if (!tags.some((tag) => ABOUT_REFUSALS.has(tag)) || tags.some((tag) => UNDER_CONDITIONS.test(tag)))
    return undefined;
  for (const [call, attempts] of Map.groupBy([...world.offered.attempts], (attempt) => attempt.call)) {
    if (COSTLY.has(call.action) || attempts.some(showsSomething)) continue;
    const right = await answerToRightCall(world, call);
    const isAlike = ({ answer }: Attempt) => answer.status === right?.status;
    if (right === undefined || right.succeeded || !attempts.every(isAlike)) continue;
    return `${nameOfCall(call)} refuses right calls with ${right.status} too, so that nothing follows from its refusals; let a right call succeed first`;
  }
  return undefined;
}

/** Whether a call was accepted, or refused by the gateway itself because of what it lacked. */
function showsSomething({ answer }: Attempt): boolean {
  return answer.succeeded || (answer.status < 500 && answer.header('x-amzn-errortype') !== undefined);
}

function answerToRightCall(world: ProxyWorld, call: Call): Promise<Answer | undefined> {
  const known = rightAnswers.get(call) ?? askRightly(world, call);
  rightAnswers.set(call, known);
  return known;
}

/** @returns undefined where the run cannot make a right call. */
async function askRightly(world: ProxyWorld, call: Call): Promise<Answer | undefined> {
  const { offered, client } = world;
  const [attempts, identity] = [[...offered.attempts], client.identity];
  client.identity = OWN_IDENTITY;
  try {
    const { answer } = await offered.make(call, await subjectsOf(world, call.action));
    // It is no evidence of the scenario.
    answer.repeated = true;
    return answer;
  } catch (error) {
    if (!(error instanceof NotObservable)) throw error;
    return undefined;
  } finally {
    client.identity = identity;
    offered.attempts = attempts;
  }
}
