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
/** The key of its text is `Message`, as on the data plane (docs/facts/gateway.md#errors; inferred here). */
export const accessDenied = (message: string) => new ApiGatewayError(403, 'AccessDeniedException', message);
export const conflict = (message: string) => new ApiGatewayError(409, 'ConflictException', message);

/**
 * AWS has the operation and the embedded AWS lacks it. AWS never answers 501, so this is not mistaken for AWS's
 * answer.
 */
export const notEmulated = (what: string) =>
  new ApiGatewayError(501, 'NotImplementedException', `The embedded API Gateway does not emulate ${what}`);

export const unknownApi = (account: Account, id: string) =>
  notFound(`Invalid API identifier specified ${account.id}:${id}`);

/**
 * One violated constraint, in the words of the service's request validation (docs/facts/kinesis.md#errors has the same
 * format).
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

/** Refuses a request that violates any constraint; AWS lists all of them (recorded). */
export function checkAll(broken: readonly Violation[]): void {
  if (broken.length > 0) throw violations(broken);
}

/** Checks an optional value against an enumeration of the service's model. */
export const inEnum = (value: string | undefined, at: string, allowed: readonly string[]): Violation[] =>
  value === undefined || allowed.includes(value) ? [] : [notInEnum(value, at, allowed)];

export const notInEnum = (value: string, at: string, allowed: readonly string[]): Violation => ({
  value,
  at,
  constraint: `Member must satisfy enum value set: [${allowed.join(', ')}]`,
});
