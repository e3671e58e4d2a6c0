import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { BoundedHandler } from '../bounds/sdk.ts';
import { messageOf, TargetError, UsageError } from '../errors.ts';
import { isRegion, type Partition, partitionOf } from '../partitions.ts';
import { watchClock } from '../retry/skew.ts';
import { AWS_CAPABILITIES } from './capabilities.ts';
import { invokeForms, reachEndpointTarget } from './endpoint.ts';
import type { InvokeForm, Target } from './target.ts';

/** The identity that STS reports for the credentials, and how far its clock is ahead of this machine's. */
export interface Identity {
  readonly arn: string;
  readonly account: string;
  readonly skewMs: number;
}

/** AWS rejects signatures from clocks that are off by more than this, in milliseconds. */
const MAX_SKEW_MS = 300_000;

/**
 * Connects to a real account with the credentials that any AWS SDK would find: environment, profile, SSO, web identity
 * (OIDC), container or instance. The SDK resolves them when it needs them; the run never writes them anywhere.
 * @param options.endpoint for a rehearsal: an AWS-compatible endpoint to use in place of AWS.
 * @param options.region the empty string selects the profile's region.
 * @throws UsageError without a region; TargetError without valid credentials; each is one line that says what to do.
 */
export async function reachAwsTarget(options: {
  endpoint: string | undefined;
  executeApiUrl: string | undefined;
  region: string;
}): Promise<Target> {
  const { endpoint } = options;
  if (endpoint === undefined) refuseDiversion(process.env);
  const region = options.region || (await regionOfProfile());
  if (!isRegion(region))
    throw new UsageError(
      `--region ${region} is not an AWS region; give one such as us-east-1 or eu-central-1`,
    );
  const partition = partitionOf(region);
  const rehearsal =
    endpoint === undefined ? undefined : await reachEndpointTarget({ ...options, region, endpoint });
  const identity = await identify({ region, endpoint, partition });
  return {
    kind: 'aws',
    name: rehearsal ? `AWS rehearsed on ${rehearsal.name}` : 'AWS',
    version: rehearsal?.version ?? 'unknown',
    access: { region, ...(endpoint !== undefined && { endpoint }) },
    invokeForms: formsOf(options, partition),
    capabilities: AWS_CAPABILITIES,
    // Logs may be public, so they must not show the account number.
    details: {
      ...rehearsal?.details,
      partition: partition.name,
      'signed in as': identity.arn.replace(identity.account, '[account]'),
    },
    account: identity.account,
    sharesApi: true,
    skewMs: identity.skewMs,
    ephemeral: false,
    stop: async () => {},
  };
}

function formsOf(
  { endpoint, executeApiUrl }: { endpoint: string | undefined; executeApiUrl: string | undefined },
  { dnsSuffix }: Partition,
): readonly InvokeForm[] {
  if (executeApiUrl !== undefined)
    return [{ url: executeApiUrl.replaceAll('{dnsSuffix}', dnsSuffix), insisted: true }];
  if (endpoint !== undefined) return invokeForms(endpoint);
  return [{ url: `https://{restApiId}.execute-api.{region}.${dnsSuffix}/{stage}` }];
}

/** The SDK follows these variables silently, so an emulator's answers would be taken for AWS's. */
function refuseDiversion(environment: Readonly<Record<string, string | undefined>>): void {
  const diverting = Object.keys(environment).find(
    (name) => /^AWS_ENDPOINT_URL(_|$)/.test(name) && environment[name],
  );
  if (diverting !== undefined)
    throw new UsageError(
      `${diverting} is set to an endpoint other than AWS; unset it, or rehearse there with --target aws --endpoint URL`,
    );
}

async function regionOfProfile(): Promise<string> {
  const client = new STSClient({});
  try {
    return await client.config.region();
  } catch {
    throw new UsageError(
      'no AWS region is set; give --region, set AWS_REGION, or add a region to the profile (aws configure set region …)',
    );
  } finally {
    client.destroy();
  }
}

async function identify(options: {
  region: string;
  endpoint: string | undefined;
  partition: Partition;
}): Promise<Identity> {
  const { region, endpoint, partition } = options;
  const client = new STSClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    requestHandler: new BoundedHandler(),
    maxAttempts: 3,
  });
  let skewMs = 0;
  client.middlewareStack.use(
    watchClock((told) => {
      skewMs = told;
    }),
  );
  try {
    const { Arn = '', Account = '' } = await client.send(new GetCallerIdentityCommand({}));
    const own = Arn.split(':')[1] ?? '';
    if (own !== '' && own !== partition.name)
      throw new TargetError(
        `the credentials are for the partition ${own} (${Arn}), but the region ${region} is in ${partition.name}; give a region in ${own}, or credentials for ${partition.name}`,
      );
    if (Math.abs(skewMs) > MAX_SKEW_MS)
      throw new TargetError(
        `this machine's clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? 'behind' : 'ahead of'} AWS's, and AWS rejects signatures that are off by more than 300 s; set the clock`,
      );
    return { arn: Arn, account: Account, skewMs };
  } catch (error) {
    if (error instanceof TargetError) throw error;
    throw new TargetError(explain(error, region), { cause: error });
  } finally {
    client.destroy();
  }
}

/** Known causes and what to do about each; the first that matches is reported. */
const CAUSES: readonly { fits: RegExp; text: (message: string, region: string) => string }[] = [
  {
    fits: /sso.*(expired|invalid|refresh|not found)|token.*sso|aws sso login/i,
    text: (message) =>
      `the SSO session has expired or is invalid (${message}); run aws sso login, then try again`,
  },
  {
    fits: /Could not load credentials|CredentialsProviderError|Could not resolve credentials|Credential is missing|No credential/i,
    text: (message) =>
      `no AWS credentials were found (${message}); set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in (docs/aws.md)`,
  },
  {
    fits: /ExpiredToken|expired/i,
    text: (message) => `the AWS credentials have expired (${message}); get new ones, then try again`,
  },
  {
    fits: /RequestTimeTooSkewed|Signature (expired|not yet current)/i,
    text: (message) => `this machine's clock is too far from AWS's (${message}); set the clock`,
  },
  {
    fits: /InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidAccessKeyId|security token included in the request is invalid/i,
    text: (message, region) =>
      `AWS refused the credentials in ${region} (${message}); they are mistyped, deleted or for another partition, or the region is not enabled for the account`,
  },
  {
    fits: /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|timeout|network|socket/i,
    text: (message, region) =>
      `AWS cannot be reached in ${region} (${message}); check the network and the region's name`,
  },
];

/** Explains in one line why signing in failed and what to do about it. */
export function explain(error: unknown, region: string): string {
  const name = error instanceof Error ? error.name : '';
  const message = messageOf(error).replace(/\.$/, '');
  const whole = `${name} ${message}`;
  const cause = CAUSES.find(({ fits }) => fits.test(whole));
  return cause
    ? cause.text(message, region)
    : `AWS did not identify the owner of the credentials: ${message}`;
}
