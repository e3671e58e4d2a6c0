import type { AwsAccess } from './target.ts';

/** One REST API as deployed to a stage. */
export interface DeployedApi {
  /** Stage URL without a trailing slash. */
  readonly baseUrl: string;
  /** The Host header that calls have to carry, where the target routes by it. */
  readonly host?: string;
  readonly restApiId?: string;
  readonly stage?: string;
  readonly roleArn?: string;
  readonly roleName?: string;
}

/** With whose authority a client calls the API; all may be asked for at once. */
export interface Authentication {
  /**
   * Calls are signed for `execute-api` in this region: with the key of the user that the run made, and without one with
   * the run's own AWS credentials.
   */
  readonly iam?: { readonly region: string; readonly credentials?: NonNullable<AwsAccess['credentials']> };
  readonly apiKey?: string;
  /** Further headers of each call; their values are secrets. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a run may change where it must not make streams: nothing at all, or the records of one stream. */
export interface Limits {
  readonly readOnly: boolean;
  /** A stream that is there already: it is read, added to unless `readOnly`, and never deleted. */
  readonly stream?: string;
}
