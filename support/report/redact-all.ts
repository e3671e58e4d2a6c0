import { redact } from '../client/redact.ts';

const PROBE = 'probe';

/** The one redaction, applied to every text of a value, and to whole values under a name that it treats as secret. */
export function redactAll<T>(value: T): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map(redactAll) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    const hidden = typeof inner === 'string' && isSecretName(key);
    return [key, hidden ? '[redacted]' : redactAll(inner)];
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
