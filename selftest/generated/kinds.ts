import type { Answer } from '../../support/client/answer.ts';

/** The proxy did what it must not do; the message says what. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/** What Kinesis refuses a call of the tutorial's with (docs/facts/kinesis.md#errors). */
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

/** What API Gateway itself answers to a client's call (docs/facts/gateway.md#errors): status and error type. */
const GATEWAY_ERRORS = new Set([
  '400 BadRequestException',
  '403 MissingAuthenticationTokenException',
  '413 RequestTooLargeException',
  '415 BadRequestException',
]);

export type Kind = 'success' | 'refused by Kinesis' | 'refused by the gateway';

/** @throws Broken for an answer of no known kind. */
export function kindOf(answer: Answer): Kind {
  const { status, errorType, text, json } = answer;
  if (errorType !== undefined) {
    if (status === 200 && KINESIS_ERRORS.has(errorType)) return 'refused by Kinesis';
  } else if (status === 200) {
    if (text === '' || (typeof json === 'object' && json !== null)) return 'success';
  } else if (GATEWAY_ERRORS.has(`${status} ${answer.header('x-amzn-errortype')}`)) {
    if (typeof answer.field('message') === 'string') return 'refused by the gateway';
  }
  throw new Broken(`an answer of no known kind: ${answer}`);
}

export function expectSuccess(answer: Answer): void {
  if (kindOf(answer) !== 'success') throw new Broken(`refused although it is good: ${answer}`);
}

/** @param types the Kinesis errors that fit; none names any refusal. */
export function expectRefusal(answer: Answer, ...types: string[]): void {
  if (kindOf(answer) === 'success') throw new Broken(`accepted although it is not good: ${answer}`);
  if (types.length > 0 && !types.includes(answer.errorType ?? ''))
    throw new Broken(`refused, but not with ${types.join(' or ')}: ${answer}`);
}

/** @throws Broken that names both, where they are not the same as JSON. */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  const [one, other] = [actual, expected].map((value) => JSON.stringify(value));
  if (one !== other) throw new Broken(`${what} is ${one}, not ${other}`);
}
