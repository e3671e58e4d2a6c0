/** AWS's gateway response types that the embedded gateway can raise. */
export type GatewayResponseType = keyof typeof DEFAULT_STATUS;

/** The default status of each type (docs/facts/gateway.md#errors, LS-T:api). */
export const DEFAULT_STATUS = {
  ACCESS_DENIED: 403,
  API_CONFIGURATION_ERROR: 500,
  BAD_REQUEST_BODY: 400,
  BAD_REQUEST_PARAMETERS: 400,
  EXPIRED_TOKEN: 403,
  INTEGRATION_FAILURE: 504,
  INTEGRATION_TIMEOUT: 504,
  INVALID_API_KEY: 403,
  INVALID_SIGNATURE: 403,
  MISSING_AUTHENTICATION_TOKEN: 403,
  /** Not a type of AWS: see notEmulated. */
  NOT_EMULATED: 501,
  QUOTA_EXCEEDED: 429,
  REQUEST_TOO_LARGE: 413,
  THROTTLED: 429,
  UNAUTHORIZED: 401,
  UNSUPPORTED_MEDIA_TYPE: 415,
} as const;

export interface GatewayErrorDetails {
  /** `$context.error.validationErrorString`. */
  readonly validation?: string;
  /** Lines for the execution log. */
  readonly log?: readonly string[];
}

/** Ends a call with a gateway response. */
export class GatewayError extends Error {
  readonly type: GatewayResponseType;
  /** The value of x-amzn-ErrorType. */
  readonly errorType: string;
  readonly details: GatewayErrorDetails;

  constructor(
    type: GatewayResponseType,
    message: string,
    errorType: string,
    details: GatewayErrorDetails = {},
  ) {
    super(message);
    this.type = type;
    this.errorType = errorType;
    this.details = details;
  }
}

/**
 * A 500 whose cause appears only in the log (docs/facts/gateway.md#integration-request,
 * docs/facts/gateway.md#choice-of-the-response).
 */
export function configurationError(cause: string): GatewayError {
  return new GatewayError(
    'API_CONFIGURATION_ERROR',
    'Internal server error',
    'InternalServerErrorException',
    {
      log: [`Execution failed due to configuration error: ${cause}`],
    },
  );
}

/** The embedded AWS lacks a feature of AWS. AWS never answers 501, so this is not mistaken for AWS's answer. */
export function notEmulated(what: string): GatewayError {
  const message = `The embedded API Gateway does not emulate ${what}`;
  return new GatewayError('NOT_EMULATED', message, 'NotImplementedException', { log: [message] });
}

export function missingAuthenticationToken(): GatewayError {
  return new GatewayError(
    'MISSING_AUTHENTICATION_TOKEN',
    'Missing Authentication Token',
    'MissingAuthenticationTokenException',
  );
}

export function badBody(message: string, details: GatewayErrorDetails = {}): GatewayError {
  return new GatewayError('BAD_REQUEST_BODY', message, 'BadRequestException', details);
}
