import type { Account } from '../../account.ts';

/** An error answer of the control plane: its HTTP status, its `x-amzn-errortype` and its message. */
export class ApiGatewayError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

export const badRequest = (message: string) => new ApiGatewayError(400, 'BadRequestException', message);
export const validationError = (message: string) => new ApiGatewayError(400, 'ValidationException', message);
export const serializationError = (message: string) =>
  new ApiGatewayError(400, 'SerializationException', message);
export const notFound = (message: string) => new ApiGatewayError(404, 'NotFoundException', message);
/** Its text comes with a capital M, as that of the data plane's (docs/facts/gateway.md#errors; inferred here). */
export const accessDenied = (message: string) => new ApiGatewayError(403, 'AccessDeniedException', message);
export const conflict = (message: string) => new ApiGatewayError(409, 'ConflictException', message);

/** AWS has the operation, the embedded one does not: 501 is not an answer of AWS's, so it cannot be mistaken. */
export const notEmulated = (what: string) =>
  new ApiGatewayError(501, 'NotImplementedException', `The embedded API Gateway does not emulate ${what}`);

export const unknownApi = (account: Account, id: string) =>
  notFound(`Invalid API identifier specified ${account.id}:${id}`);

/**
 * One constraint that a value breaks, in the words of the service's request validation (docs/facts/kinesis.md#errors,
 * same frame).
 */
export interface Violation {
  readonly value: string;
  readonly at: string;
  readonly constraint: string;
}

export function violations(all: readonly Violation[]): ApiGatewayError {
  const texts = all.map(
    ({ value, at, constraint }) => `Value '${value}' at '${at}' failed to satisfy constraint: ${constraint}`,
  );
  const count = all.length === 1 ? '1 validation error' : `${all.length} validation errors`;
  return validationError(`${count} detected: ${texts.join('; ')}`);
}

/** Refuses a request that breaks any constraint; AWS tells them all at once (recorded). */
export function checkAll(broken: readonly Violation[]): void {
  if (broken.length > 0) throw violations(broken);
}

/** A value that may be absent, held against an enumeration of the service's model. */
export const inEnum = (value: string | undefined, at: string, allowed: readonly string[]): Violation[] =>
  value === undefined || allowed.includes(value) ? [] : [notInEnum(value, at, allowed)];

export const notInEnum = (value: string, at: string, allowed: readonly string[]): Violation => ({
  value,
  at,
  constraint: `Member must satisfy enum value set: [${allowed.join(', ')}]`,
});
