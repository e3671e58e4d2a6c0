import { DEPLOYMENT_VARIABLE } from '../../infra/provision/deployment.ts';

const HIDDEN = '[redacted]';
const ACCOUNT = '[account]';
/** A secret shorter than this, such as an emulator's `test`, is none, and hiding it would spoil every text. */
const SHORTEST_SECRET = 16;
const SECRET_VARIABLES = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LOCALSTACK_AUTH_TOKEN',
  'API_KEY',
] as const;

/** The value of a header or a field: what stands between its quotes, or else up to the end of the line. */
const NAMED = [
  'authorization',
  'proxy-authorization',
  'x-amz-security-token',
  'x-api-key',
  'x-amz-signature',
  'x-amz-credential',
  'secret-?access-?key',
  'aws_secret_access_key',
  'session-?token',
  'aws_session_token',
  'access-?key-?id',
].join('|');
/** `x-api-key`. */
const SHORTEST_NAME = 9;
const QUOTED_FIELD = new RegExp(
  String.raw`((?:${NAMED})\\*["']?\s*[:=,]\s*\\*(["']))(?:\\.|(?!\2)[^\\])*`,
  'gi',
);
const QUERY_PARAMETER = new RegExp(String.raw`([?&](?:${NAMED})=)[^&\s"']*`, 'gi');
const HEADER_LINE = new RegExp(String.raw`((?:^|[\s'"{,])(?:${NAMED})\s*[:=]\s*)(?!\\*["'])[^'"\n}]+`, 'gim');
/** Prefixes of AWS's ids for keys and principals (IAM User Guide, unique identifiers). */
const KEY_ID = /\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{12,}\b/g;
/**
 * Twelve digits that stand alone; those of a shard id, `shardId-000000000004`, are no account. Nor are those within a
 * digest, which is matched as a whole so as to be left alone.
 */
const ACCOUNT_ID = /\b(?=\d*[a-f])[\da-f]{32,128}\b|(?<![\d.])(?<!shard(?:Id)?-)\d{12}(?!\d)/g;

/** Whether a text can hold anything to hide; most cannot, and every text of every report is looked at. */
const SUSPICIOUS = new RegExp(String.raw`\d{12}|${NAMED}|${KEY_ID.source}`, 'i');

/** Hides secrets and account ids in any text: JSON, a header, a curl line, a log, a report. */
export function redact(text: string): string {
  return redactKnowing(knownSecrets(), text);
}

/** The same for many texts, each of which is looked at once however often it comes. */
export function redactor(): (text: string) => string {
  const secrets = knownSecrets();
  const done = new Map<string, string>();
  return (text) => {
    const known = done.get(text);
    if (known !== undefined) return known;
    const redacted = redactKnowing(secrets, text);
    done.set(text, redacted);
    return redacted;
  };
}

function redactKnowing(secrets: readonly string[], text: string): string {
  // Nothing to hide is shorter than the shortest name of a secret.
  if (text.length < SHORTEST_NAME) return text;
  const withoutKnown = secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
  if (!SUSPICIOUS.test(withoutKnown)) return withoutKnown;
  return withoutKnown
    .replace(QUERY_PARAMETER, `$1${HIDDEN}`)
    .replace(QUOTED_FIELD, `$1${HIDDEN}`)
    .replace(HEADER_LINE, `$1${HIDDEN}`)
    .replace(KEY_ID, HIDDEN)
    .replace(ACCOUNT_ID, (found) => (found.length === 12 ? ACCOUNT : found));
}

/** The secrets that this process knows by heart, in whatever surroundings they turn up. */
function knownSecrets(): readonly string[] {
  const variables = SECRET_VARIABLES.map((name) => process.env[name]);
  const key = [...variables, process.env[DEPLOYMENT_VARIABLE]].join('\n');
  // Every text of every report passes here, and the deployment changes once a run.
  if (key !== known.key) known = { key, secrets: [...variables, ...deploymentSecrets()].filter(isSecret) };
  return known.secrets;
}

let known: { readonly key: string; readonly secrets: readonly string[] } = { key: '', secrets: [] };

function isSecret(value: string | undefined): value is string {
  return value !== undefined && value.length >= SHORTEST_SECRET;
}

function deploymentSecrets(): (string | undefined)[] {
  try {
    const { access, authentication } = JSON.parse(process.env[DEPLOYMENT_VARIABLE] ?? '{}') as {
      access?: { credentials?: { secretAccessKey?: string; sessionToken?: string } };
      authentication?: { apiKey?: string };
    };
    const { secretAccessKey, sessionToken } = access?.credentials ?? {};
    return [secretAccessKey, sessionToken, authentication?.apiKey];
  } catch {
    return [];
  }
}
