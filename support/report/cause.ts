import { plainReason, tellingExchange } from '../run/failure.ts';
import type { ScenarioResult } from '../run/results.ts';

/** By what an answer says, the first that fits. */
const CAUSES: readonly [RegExp, string][] = [
  [
    /AccessDenied/,
    'Kinesis refused the execution role: its policy does not allow this action on this stream.',
  ],
  [/ResourceNotFound/, 'Kinesis has no such stream: see the stream name in the request after the template.'],
  [
    /SerializationException/,
    'Kinesis cannot parse the request: what the template renders is not the JSON that it should be.',
  ],
  [/ValidationException|InvalidArgument/, 'Kinesis rejects a value in the request after the template.'],
  [
    /Internal server error/,
    'API Gateway failed by itself: it may not assume the role, cannot render the template, or has no method response for the status.',
  ],
];

/** Why a call that should have succeeded was refused, in one sentence; undefined for every other failure. */
export function causeOf(scenario: Pick<ScenarioResult, 'exchanges' | 'reason'>): string | undefined {
  if (!plainReason(scenario.reason ?? '').startsWith('expected success, and ')) return undefined;
  const answer = tellingExchange(scenario)?.response.body ?? '';
  return CAUSES.find(([pattern]) => pattern.test(answer))?.[1];
}
