/** An error answer of IAM or STS. */
export class IamError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, text: string) {
    super(text);
    this.name = 'IamError';
    this.status = status;
    this.code = code;
  }
}

export const noSuchEntity = (text: string) => new IamError(404, 'NoSuchEntity', text);
export const entityAlreadyExists = (text: string) => new IamError(409, 'EntityAlreadyExists', text);
export const deleteConflict = (text: string) => new IamError(409, 'DeleteConflict', text);
export const limitExceeded = (text: string) => new IamError(409, 'LimitExceeded', text);
export const malformedPolicy = (text: string) => new IamError(400, 'MalformedPolicyDocument', text);
export const validationError = (text: string) => new IamError(400, 'ValidationError', text);
export const accessDenied = (text: string) => new IamError(403, 'AccessDenied', text);
export const invalidAction = (text: string) => new IamError(400, 'InvalidAction', text);
