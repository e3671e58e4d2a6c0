import { DEPLOYMENT_VARIABLE } from '../../infra/provision/deployment.ts';
import type { Authentication } from '../../infra/targets/deployed-api.ts';

const HIDDEN = '[redacted]';
const ACCOUNT = '[account]';
/** A shorter value, such as an emulator's `test`, is not a secret, and hiding it would garble every text. */
const MIN_SECRET_LENGTH = 16;
const SECRET_VARIABLES = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LOCALSTACK_AUTH_TOKEN',
  'KPC_API_KEY',
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'ACTIONS_RUNTIME_TOKEN',
  'NPM_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
] as const;

/** Names of secrets. Page tokens are not secrets, and are distinguished by the preceding word. */
const BARE_NAMES = [
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
  'pass(?:word|wd|phrase|code)|pwd|api[_-]?key|private[_-]?key|client[_-]?secret|secret(?:[_-]?key)?',
  '(?:access|refresh|id|auth|session|bearer|security|api|csrf|xsrf|oauth|jwt|github|gitlab|npm|slack)[_-]?token',
  String.raw`(?:(?<![\w-])|(?<=\\[nrt])|(?<=%[0-9A-F]{2}))(?:x[_-])?token`,
  '(?:set-)?cookie',
].join('|');
/** The same with common prefixes, for patterns in which a name must start at a certain position. */
const NAMED = [
  String.raw`(?:[\w.-]{0,40}[_.-])?(?:${BARE_NAMES})`,
  '(?:db|user|admin|root|my|old|new|current|client|app|shared|signing)(?:password|secret)',
].join('|');
/** `pwd:x`. */
const MIN_NAME_LENGTH = 5;
/**
 * The closing quote of a value has as many backslashes as the opening one, even in nested JSON. The pattern does not
 * match the start of the name: trying that at each character of a long word takes a hundred times as long.
 */
const QUOTED_FIELD = new RegExp(
  String.raw`((?:${BARE_NAMES})\\*["']?\s*[:=,]\s*(\\*)(["']))(?:(?!(?<!\\)\2\3)[\s\S])*`,
  'gi',
);
/** A number, a list or an object with such a name. */
const OTHER_FIELD = new RegExp(
  String.raw`((?:${BARE_NAMES})s?(\\*["'])\s*:\s*)(?:\[[^\][]*\]?|\{[^{}]*\}?|-?\d[\w.+-]*)`,
  'gi',
);
const ELEMENT = new RegExp(
  String.raw`((?:<|&lt;)(?:\w{1,40}:)?(?:${NAMED})(?:\s[^<>&]*)?(?:>|&gt;))[^<&]+`,
  'gi',
);
const QUERY_PARAMETER = new RegExp(
  String.raw`((?:[?&;#]|%3F|%26|%23|\\u0026)(?:${NAMED})(?:=|%3D))[^&\s"'\\]*`,
  'gi',
);
/**
 * A sentence about a thing that has such a name, as of a resource: `Token: the run deploys no functions`. No token has
 * blanks; a passphrase may have them, so it does not count.
 */
const SENTENCE =
  '(?<=(?:token|authorization|cookie|api[_-]?key):) (?:it|the|this|its|there|nothing|no|an?|give) [a-z]+ [a-z]+ [a-z]';
const HEADER_LINE = new RegExp(
  String.raw`((?:^|[\s'"{,>|:]|\\[nrt])(?:${NAMED})\s*[:=](?!${SENTENCE}|VALUE\b)\s*)(?!\\*["'[{])(?:[^'"\n}\\]|\\(?!["'nr]))+`,
  'gim',
);
const SCHEME =
  /\b(Bearer\s+)(?!(?:tokens?|auth\w*|scheme)\b)[\w.~+/=-]{6,}|\b(Basic\s+)(?=[A-Za-z]*[\d+/=])[A-Za-z0-9+/]{8,}={0,2}/gi;
const USERINFO = /(\b[a-z][a-z0-9+.-]{1,20}:(?:\\?\/){2})[^\s/?#"'<>\\@]{1,2000}@/gi;
/** JSON Web Tokens, PEM blocks, and tokens with the prefixes of well-known services. */
const TOKEN =
  /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?|-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)|(?<!\w)(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|xox[a-z]-[\w-]{10,}|[sr]k_(?:live|test)_\w{10,}|npm_\w{30,}|AIza[\w-]{30,})/g;
/** The secret that follows the id of its key. */
const KEY_PAIR = /\b((?:AKIA|ASIA)[A-Z0-9]{12,}[\s:,;/|"'\\]{1,8})[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/g;
/** Prefixes of AWS's ids for keys and principals (IAM User Guide, unique identifiers). */
const KEY_ID = /\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{12,}\b/g;
/**
 * Twelve separate digits. Those of a shard id, `shardId-000000000004`, are not account ids; nor are those in a UUID, a
 * digest or a trace id, which are matched as a whole to skip them, or the first ones of a digest or a commit.
 */
const ACCOUNT_ID =
  /(?<![\da-f])[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![\da-f])|\b(?=\d*[a-f])[\da-f]{24,128}\b|(?<![\d.])(?<!shard(?:Id)?-|\bsha256[ :]|\bcommit )\d{12}(?!\d)/gi;

/** A quick check whether a text can contain a secret; most cannot, and every text of every report is checked. */
const SUSPICIOUS = new RegExp(
  String.raw`\d{12}|pass|pwd|secret|token|api.?key|private.?key|access.?key|authorization|x-amz-|cookie|bearer|basic|@|eyJ|gh[pousr]_|_pat_|glpat|xox|[sr]k_|npm_|AIza|${KEY_ID.source}`,
  'i',
);

/** Hides secrets and account ids in any text: JSON, a header, a curl line, a log, a report. */
export function redact(text: string): string {
  return redactKnowing(knownSecrets(), text);
}

/** The same for many texts; repeated texts are processed only once. */
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
  // Nothing shorter than the shortest name of a secret needs hiding.
  if (text.length < MIN_NAME_LENGTH) return text;
  const withoutKnown = secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
  if (!SUSPICIOUS.test(withoutKnown)) return withoutKnown;
  return withoutKnown
    .replace(TOKEN, HIDDEN)
    .replace(KEY_PAIR, `$1${HIDDEN}`)
    .replace(USERINFO, `$1${HIDDEN}@`)
    .replace(SCHEME, (_, bearer?: string, basic?: string) => `${bearer ?? basic}${HIDDEN}`)
    .replace(QUERY_PARAMETER, `$1${HIDDEN}`)
    .replace(QUOTED_FIELD, `$1${HIDDEN}`)
    .replace(OTHER_FIELD, `$1$2${HIDDEN}$2`)
    .replace(ELEMENT, `$1${HIDDEN}`)
    .replace(HEADER_LINE, `$1${HIDDEN}`)
    .replace(KEY_ID, HIDDEN)
    .replace(ACCOUNT_ID, (found) => (found.length === 12 ? ACCOUNT : found));
}

/** The literal secrets that this process knows, which are hidden in any context. */
function knownSecrets(): readonly string[] {
  const variables = SECRET_VARIABLES.map((name) => process.env[name]);
  const key = [...variables, ...remembered, process.env[DEPLOYMENT_VARIABLE]].join('\n');
  // Cached, since every text of every report passes here, and the deployment changes once per run.
  if (key !== known.key) {
    const found = [...variables, ...deploymentSecrets()].filter(isSecret);
    const forms = [...found, ...remembered].flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      // JSON may escape it, and nested JSON may escape the escape.
      ...[1, 2, 3, 4, 7, 8].map((depth) => secret.replaceAll('/', `${'\\'.repeat(depth)}/`)),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    ]);
    known = { key, secrets: [...new Set(forms)].sort((a, b) => b.length - a.length) };
  }
  return known.secrets;
}

const remembered = new Set<string>();

/** Hides a user's secret from now on, unless it has fewer than eight characters, which would garble every text. */
export function rememberSecret(value: string | undefined): void {
  if (value !== undefined && value.length >= 8) remembered.add(value);
}

/** Remembers the value of an authentication header. Its scheme is not a secret, and the rest may appear without it. */
export function rememberHeader(value: string): void {
  rememberSecret(value);
  rememberSecret(/^\S+\s+(\S+)$/.exec(value)?.[1]);
}

let known: { readonly key: string; readonly secrets: readonly string[] } = { key: '', secrets: [] };

function isSecret(value: string | undefined): value is string {
  return value !== undefined && value.length >= MIN_SECRET_LENGTH;
}

function deploymentSecrets(): (string | undefined)[] {
  try {
    const { access, authentication } = JSON.parse(process.env[DEPLOYMENT_VARIABLE] ?? '{}') as {
      access?: { credentials?: { secretAccessKey?: string; sessionToken?: string } };
      authentication?: Authentication;
    };
    const { secretAccessKey, sessionToken } = access?.credentials ?? {};
    const headers = Object.values(authentication?.headers ?? {});
    // Worker threads get them here.
    for (const value of headers) rememberHeader(value);
    const { apiKey, iam } = authentication ?? {};
    return [secretAccessKey, sessionToken, apiKey, iam?.credentials?.secretAccessKey];
  } catch {
    return [];
  }
}
