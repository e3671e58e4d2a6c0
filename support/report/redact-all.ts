import { redact, redactor } from '../client/redact.ts';

const PROBE = 'probe';

/** The one redaction, applied to every text of a value, and to whole values under a name that it treats as secret. */
export function redactAll<T>(value: T): T {
  return redactEach(value, redactor());
}

function redactEach<T>(value: T, hide: (text: string) => string): T {
  if (typeof value === 'string') return hide(value) as T;
  if (Array.isArray(value)) return value.map((member) => redactEach(member, hide)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    const isSecret = typeof inner === 'string' && isSecretName(key);
    return [key, isSecret ? '[redacted]' : redactEach(inner, hide)];
  });
  return Object.fromEntries(entries) as T;
}

const secretNames = new Map<string, boolean>();

function isSecretName(key: string): boolean {
  const known = secretNames.get(key);
  if (known !== undefined) return known;
  const isSecret = !redact(JSON.stringify({ [key]: PROBE })).includes(PROBE);
  secretNames.set(key, isSecret);
  return isSecret;
}
