import type { StreamDescription } from '@aws-sdk/client-kinesis';

/** An SDK answer in the form of the service: times in seconds, without undefined members. */
export function asWritten(description: StreamDescription | undefined): unknown {
  return JSON.parse(
    JSON.stringify({
      ...description,
      StreamCreationTimestamp: seconds(description?.StreamCreationTimestamp),
    }),
  );
}

function seconds(time: Date | undefined): number {
  return Math.floor((time?.getTime() ?? Number.NaN) / 1000);
}

/** Reduces a value to the members that a pattern has, with times in whole seconds. */
export function projectOnto(value: unknown, pattern: unknown, name = ''): unknown {
  if (name === 'StreamCreationTimestamp') return Math.floor(Number(value));
  if (Array.isArray(value) && Array.isArray(pattern))
    return value.map((item, i) => (i < pattern.length ? projectOnto(item, pattern[i]) : item));
  if (!isObject(value) || !isObject(pattern)) return value;
  const names = Object.keys(pattern).filter((key) => value[key] !== undefined);
  return Object.fromEntries(names.map((key) => [key, projectOnto(value[key], pattern[key], key)]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
