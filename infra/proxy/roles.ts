import { readFileSync } from 'node:fs';

/** The execution roles that scenarios require; the API under test runs under the role that its definition names. */
export const ROLE_NAMES = [
  'full-access',
  'read-only',
  'untrusted',
  'powerless',
  'one-stream',
  'stream-prefix',
] as const;
export type RoleName = (typeof ROLE_NAMES)[number];

/** Trust and permission policy documents of a role, as JSON text. */
export interface RolePolicies {
  readonly trust: string;
  /** Undefined for a role without permissions. */
  readonly permissions: string | undefined;
}

const FILES: Record<RoleName, { trust: string; permissions?: string }> = {
  'full-access': { trust: 'trust', permissions: 'full-access' },
  'read-only': { trust: 'trust', permissions: 'read-only' },
  untrusted: { trust: 'trust-elsewhere', permissions: 'full-access' },
  powerless: { trust: 'trust' },
  'one-stream': { trust: 'trust', permissions: 'one-stream' },
  'stream-prefix': { trust: 'trust', permissions: 'stream-prefix' },
};

/** The run's names that the policies contain. */
export interface RoleScope {
  /** The full name of the stream that `one-stream` may access. */
  readonly permittedStream: string;
  /** The prefix of the stream names that `stream-prefix` may access. */
  readonly streamPrefix: string;
}

export function isRoleName(name: string): name is RoleName {
  return (ROLE_NAMES as readonly string[]).includes(name);
}

export function rolePolicies(role: RoleName, scope: RoleScope): RolePolicies {
  const { trust, permissions } = FILES[role];
  return {
    trust: policyText(trust),
    permissions:
      permissions === undefined
        ? undefined
        : policyText(permissions)
            .replaceAll('{permitted-stream}', scope.permittedStream)
            .replaceAll('{stream-prefix}', scope.streamPrefix),
  };
}

function policyText(file: string): string {
  return readFileSync(new URL(`policies/${file}.json`, import.meta.url), 'utf8');
}
