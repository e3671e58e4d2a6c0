import type { AwsAccess } from './target.ts';

/** One REST API as deployed to a stage. */
export interface DeployedApi {
  /** Stage URL without a trailing slash. */
  readonly baseUrl: string;
  /** The Host header that calls must carry, on a target that routes by it. */
  readonly host?: string;
  readonly restApiId?: string;
  readonly stage?: string;
  readonly roleArn?: string;
  readonly roleName?: string;
}

/** How a client authenticates its calls; the forms can be combined. */
export interface Authentication {
  /**
   * Calls are signed for `execute-api` in this region, with `credentials` (the key of the IAM user that the run
   * created) or, without them, with the run's own AWS credentials.
   */
  readonly iam?: { readonly region: string; readonly credentials?: NonNullable<AwsAccess['credentials']> };
  readonly apiKey?: string;
  /** Additional headers of each call; their values are secrets. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Restricts a run that must not create streams: it may change nothing, or only add records to one stream. */
export interface Limits {
  readonly readOnly: boolean;
  /** An existing stream: the run reads it, adds records unless `readOnly`, and never deletes it. */
  readonly stream?: string;
}
