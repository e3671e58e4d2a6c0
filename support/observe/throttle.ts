import { callBounded } from '../../infra/bounds/http.ts';
import { TargetError } from '../../infra/errors.ts';
import type { Deployment } from '../../infra/provision/deployment.ts';

/**
 * Makes a target whose Kinesis has no limits throttle every put meanwhile; does nothing on any other.
 * @throws TargetError where the target refuses this.
 */
export async function whileThrottled<T>(
  { throttling }: Pick<Deployment, 'throttling'>,
  put: () => Promise<T>,
): Promise<T> {
  const turn = async (way: 'on' | 'off') => {
    if (throttling === undefined) return;
    const options = { method: 'POST', body: throttling[way], deadlineMs: 30_000 };
    const { status, body } = await callBounded(throttling.url, options);
    if (status !== 200)
      throw new TargetError(
        `the target cannot be told to throttle: ${throttling.url} answered ${status} ${body}`,
      );
  };
  await turn('on');
  try {
    return await put();
  } finally {
    await turn('off');
  }
}
