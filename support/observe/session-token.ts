import { BoundedHandler } from '../../infra/bounds/sdk.ts';
import { messageOf, NotObservable } from '../../infra/errors.ts';
import type { Credentials } from '../../infra/targets/authenticate.ts';
import type { AwsAccess } from '../../infra/targets/target.ts';

/** The shortest session that STS offers, in seconds. No scenario lasts longer. */
const DURATION = 900;

/**
 * Temporary credentials with the rights of the key's user, for which STS requires no permission.
 * @throws NotObservable where STS issues none.
 */
export async function sessionOf(
  credentials: Credentials,
  { region, endpoint }: Pick<AwsAccess, 'region' | 'endpoint'>,
): Promise<Credentials> {
  // Loaded here, since only a run with --auth iam needs it.
  const { GetSessionTokenCommand, STSClient } = await import('@aws-sdk/client-sts');
  const sts = new STSClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    credentials,
    requestHandler: new BoundedHandler(),
  });
  try {
    const { Credentials: given } = await sts.send(new GetSessionTokenCommand({ DurationSeconds: DURATION }));
    if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken)
      throw new Error('the answer has no credentials');
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      sessionToken: given.SessionToken,
    };
  } catch (error) {
    throw new NotObservable(`STS does not issue a session: ${messageOf(error)}`, { cause: error });
  } finally {
    sts.destroy();
  }
}
