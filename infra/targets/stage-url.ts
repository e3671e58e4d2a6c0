import { UsageError } from '../errors.ts';

/** What a stage URL says about its API. */
export interface StageUrl {
  readonly restApiId?: string;
  readonly stage?: string;
  readonly region?: string;
  /** The AWS endpoint of the emulator that serves this form. */
  readonly endpoint?: string;
  /** True for AWS's own host names. */
  readonly aws: boolean;
}

/** `{id}.execute-api.{region}.amazonaws.com`, its dual-stack form, and private APIs by `{id}-{vpce}`. */
const AWS_HOST =
  /^([a-z0-9]{6,})(?:-vpce-[a-z0-9]+)?\.execute-api\.([a-z]{2}(?:-[a-z]+)+-\d)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/;
/**
 * Emulators put the id and the stage into the path (docs/facts/localstack.md#addresses), or the id into the host name.
 */
const PATHS = [
  /^\/_aws\/execute-api\/([^/]+)\/([^/]+)$/,
  /^\/restapis\/([^/]+)\/([^/]+)\/_user_request_$/,
] as const;
const EMULATOR_HOST = /^([a-z0-9]+)\.execute-api\.(.+)$/;

/**
 * Parses a stage URL. A custom domain gives nothing.
 * @throws UsageError for a URL on AWS or an emulator that is not a stage URL.
 */
export function readStageUrl(url: string): StageUrl {
  const { hostname, host, protocol, origin, pathname } = new URL(url);
  const segments = pathname.split('/').filter((segment) => segment !== '');
  const [, awsId, region] = AWS_HOST.exec(hostname) ?? [];
  if (awsId !== undefined && region !== undefined) {
    const [stage] = segments;
    if (stage === undefined)
      throw new UsageError(`--url ${url} has no stage; give the stage's URL, such as ${origin}/test`);
    if (segments.length > 1)
      throw new UsageError(`--url ${url} continues after the stage; give ${origin}/${stage}`);
    return { restApiId: awsId, stage, region, aws: true };
  }
  const [, before] = /^(.*?)\/streams(?:\/.*)?$/.exec(pathname) ?? [];
  if (before !== undefined)
    throw new UsageError(`--url ${url} continues after the stage; give ${origin}${before}`);
  for (const form of PATHS) {
    const [, restApiId, stage] = form.exec(pathname) ?? [];
    if (restApiId && stage) return { restApiId, stage, endpoint: origin, aws: false };
  }
  const [, restApiId, rest] = EMULATOR_HOST.exec(host) ?? [];
  const [stage] = segments;
  if (restApiId && rest && stage) return { restApiId, stage, endpoint: `${protocol}//${rest}`, aws: false };
  return { aws: false };
}
