import type { Answer } from '../../support/client/answer.ts';

/** The proxy violated a property; the message says how. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/** Kinesis's errors for calls of the tutorial's API (docs/facts/kinesis.md#errors). */
const KINESIS_ERRORS = new Set([
  'ResourceNotFoundException',
  'ResourceInUseException',
  'ValidationException',
  'SerializationException',
  'InvalidArgumentException',
  'ExpiredIteratorException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
]);

/** API Gateway's own errors for a client's call (docs/facts/gateway.md#errors): status and error type. */
const GATEWAY_ERRORS = new Set([
  '400 BadRequestException',
  '403 MissingAuthenticationTokenException',
  '413 RequestTooLargeException',
  '415 BadRequestException',
]);

export type Kind = 'success' | 'refused by Kinesis' | 'refused by the gateway';

/** @throws Broken for an answer of an unknown kind. */
export function kindOf(answer: Answer): Kind {
  const { status, errorType, text, json } = answer;
  if (errorType !== undefined) {
    if (status === 200 && KINESIS_ERRORS.has(errorType)) return 'refused by Kinesis';
  } else if (status === 200) {
    if (text === '' || (typeof json === 'object' && json !== null)) return 'success';
  } else if (GATEWAY_ERRORS.has(`${status} ${answer.header('x-amzn-errortype')}`)) {
    if (typeof answer.field('message') === 'string') return 'refused by the gateway';
  }
  throw new Broken(`an answer of an unknown kind: ${answer}`);
}

export function expectSuccess(answer: Answer): void {
  if (kindOf(answer) !== 'success') throw new Broken(`refused although it is valid: ${answer}`);
}

/** @param types the expected Kinesis errors; without any, every refusal will do. */
export function expectRefusal(answer: Answer, ...types: string[]): void {
  if (kindOf(answer) === 'success') throw new Broken(`accepted although it is invalid: ${answer}`);
  if (types.length > 0 && !types.includes(answer.errorType ?? ''))
    throw new Broken(`refused, but not with ${types.join(' or ')}: ${answer}`);
}

/** @throws Broken, with both values, where they differ as JSON. */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  const [one, other] = [actual, expected].map((value) => JSON.stringify(value));
  if (one !== other) throw new Broken(`${what} is ${one}, not ${other}`);
}
