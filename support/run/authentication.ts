import { UsageError } from '../../infra/errors.ts';
import { validateHeaderName, validateHeaderValue } from '../../infra/node-http.ts';
import type { AuthenticationOptions } from '../../infra/targets/options.ts';
import type { TargetKind } from '../../infra/targets/target.ts';
import { rememberHeader } from '../client/redact.ts';

const HEADER = 'header:';
/** Redaction hides a value everywhere. A shorter value would also occur in unrelated text. */
const MIN_SECRET = 8;
const FORMS = '--auth takes none, iam, api-key or header:NAME=VALUE';

/** Parses the values of `--auth`. @throws UsageError, which never repeats a header's value. */
export function authenticationOptions(
  given: readonly string[] | undefined,
  { target, apiKey }: { target: TargetKind; apiKey: string | undefined },
): AuthenticationOptions | undefined {
  if (given === undefined) return undefined;
  const headers: Record<string, string> = {};
  for (const text of given)
    if (text.startsWith(HEADER)) {
      const [name, value] = headerIn(text.slice(HEADER.length));
      headers[name] = value;
    } else if (!['none', 'iam', 'api-key'].includes(text))
      // A mistyped header may hold a secret.
      throw new UsageError(/^[a-z-]{1,12}$/.test(text) ? `${FORMS}, not ${text}` : FORMS);
  if (given.includes('none') && given.length > 1)
    throw new UsageError('--auth none cannot be combined with another --auth');
  const iam = given.includes('iam');
  if (iam && Object.keys(headers).some((name) => name.toLowerCase() === 'authorization'))
    throw new UsageError('--auth iam and a header Authorization exclude each other; a call has one of them');
  if (target === 'url' && given.includes('api-key') && apiKey === undefined)
    throw new UsageError(
      '--auth api-key needs the key of the deployed API: set KPC_API_KEY, or give --api-key',
    );
  return { iam, apiKey: given.includes('api-key'), headers };
}

function headerIn(text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  try {
    if (at < 1) throw new Error('no name');
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw new UsageError('--auth header:NAME=VALUE has no name or value that a header can have');
  }
  if (value.length < MIN_SECRET)
    throw new UsageError(
      // Behind `NAME=` redaction would hide the reason.
      `the header ${name} that --auth gives has a value of fewer than ${MIN_SECRET} characters, which reports could not hide; give a longer one`,
    );
  rememberHeader(value);
  return [name, value];
}
