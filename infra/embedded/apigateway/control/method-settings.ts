import type { MethodSetting } from '../model.ts';
import { badRequest } from './errors.ts';

/** The default settings (recorded on AWS; the throttling defaults are the account's). */
const defaults = (): MethodSetting => ({
  metricsEnabled: false,
  dataTraceEnabled: false,
  throttlingBurstLimit: 5_000,
  throttlingRateLimit: 10_000,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: 'SUCCEED_WITH_RESPONSE_HEADER',
});

const isTrue = (value: string) => value.toLowerCase() === 'true';

/** From the end of a patch path to the setting that it changes. */
const settings: Readonly<Record<string, (value: string) => Partial<MethodSetting>>> = {
  'metrics/enabled': (value) => ({ metricsEnabled: isTrue(value) }),
  'logging/dataTrace': (value) => ({ dataTraceEnabled: isTrue(value) }),
  'logging/loglevel': (value) => ({ loggingLevel: value }),
  'throttling/burstLimit': (value) => ({ throttlingBurstLimit: Number(value) }),
  'throttling/rateLimit': (value) => ({ throttlingRateLimit: Number(value) }),
  'caching/enabled': (value) => ({ cachingEnabled: isTrue(value) }),
  'caching/ttlInSeconds': (value) => ({ cacheTtlInSeconds: Number(value) }),
  'caching/dataEncrypted': (value) => ({ cacheDataEncrypted: isTrue(value) }),
  'caching/requireAuthorizationForCacheControl': (value) => ({
    requireAuthorizationForCacheControl: isTrue(value),
  }),
  'caching/unauthorizedCacheControlHeaderStrategy': (value) => ({
    unauthorizedCacheControlHeaderStrategy: value,
  }),
};

/** `/{resource path, slashes as ~1}/{verb}`, optionally followed by a setting. */
const shape = /^\/([^/]+)\/([A-Z]+|\*)(?:\/([a-z]+\/[a-zA-Z]+))?$/;

/** The method that a removal names. AWS reports any other path as a method's too (recorded). */
const removed = /^\/([^/]+)\/([^/]+)$/;

export function isMethodSetting(op: string, path: string | null): path is string {
  if (op === 'remove' && removed.test(path ?? '')) return true;
  const suffix = shape.exec(path ?? '')?.[3];
  return suffix === undefined ? shape.test(path ?? '') : Object.hasOwn(settings, suffix);
}

/** Changes the settings of one method or of all; `remove` without a setting after the verb deletes them. */
export function changeMethodSetting(
  all: Record<string, MethodSetting>,
  op: string,
  path: string,
  value: string | undefined,
): void {
  const [, resource = '', verb = '', suffix] = shape.exec(path) ?? removed.exec(path) ?? [];
  const key = `${resource.replaceAll('~1', '/').replace(/^\//, '')}/${verb}`;
  if (op === 'remove' && suffix === undefined) {
    if (!(key in all)) {
      throw badRequest(
        `Cannot remove method setting ${key} because there is no method setting for this method `,
      );
    }
    delete all[key];
    return;
  }
  const change = suffix === undefined ? undefined : settings[suffix];
  if (change === undefined) throw badRequest(`Invalid method setting path: ${path}`);
  // A new method's settings start as a copy of those for all methods (recorded on AWS).
  const current = all[key] ?? all['*/*'] ?? defaults();
  all[key] = { ...current, ...change(value ?? '') };
}
