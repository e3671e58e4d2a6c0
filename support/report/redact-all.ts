import { redact, redactor } from '../client/redact.ts';

const PROBE = 'probe';

/** The one redaction, applied to every text of a value, and to whole values under a name that it treats as secret. */
export function redactAll<T>(value: T): T {
  return redactEach(value, redactor());
}

function redactEach<T>(value: T, hide: (text: string) => string): T {
  if (typeof value === 'string') return hide(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  // Copied only where something is hidden: messages are millions of characters, and few of them secret.
  let copy: T | undefined;
  for (const key of Object.keys(value) as (keyof T & string)[]) {
    const inner: unknown = value[key];
    const isSecret = typeof inner === 'string' && !Array.isArray(value) && isSecretName(key);
    const safe = isSecret ? '[redacted]' : redactEach(inner, hide);
    if (safe === inner) continue;
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as T;
    copy[key] = safe as T[typeof key];
  }
  return copy ?? value;
}

const secretNames = new Map<string, boolean>();

function isSecretName(key: string): boolean {
  const known = secretNames.get(key);
  if (known !== undefined) return known;
  const isSecret = !redact(JSON.stringify({ [key]: PROBE })).includes(PROBE);
  secretNames.set(key, isSecret);
  return isSecret;
}
