import { isObject, type Json, listed } from './grammar.ts';
import { readPermissionPolicy } from './permission-policy.ts';
import { readTrustPolicy } from './trust-policy.ts';

/** A policy document in which every "one or a list" is a list. */
export interface PolicyDocument {
  /** `${aws:username}` is a variable since version 2012-10-17, and literal text before. */
  readonly hasVariables: boolean;
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** Undefined in a permission policy. */
  readonly principals?: Principals;
  readonly actions: Matchers;
  /** Undefined in a trust policy. */
  readonly resources?: Matchers;
  readonly conditions: readonly Condition[];
}

/** Patterns with `*` and `?`; `negated` for NotAction and NotResource. */
export interface Matchers {
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

/** `any` for `"*"`; otherwise kind (`Service`, `AWS`) to names. */
export type Principals = 'any' | Readonly<Record<string, readonly string[]>>;

export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

export type PolicyKind = 'inline' | 'managed' | 'trust';

/**
 * Parses a permission policy, which names resources, or a trust policy, which names principals. Throws
 * MalformedPolicy.
 */
export function parsePolicy(text: string, kind: PolicyKind): PolicyDocument {
  const { version, statements } =
    kind === 'trust' ? readTrustPolicy(text) : readPermissionPolicy(text, kind === 'managed');
  return { hasVariables: version === '2012-10-17', statements: statements.map(statementOf) };
}

function statementOf(statement: Json): Statement {
  const { Effect, Principal, Resource, NotResource } = statement;
  const isTrust = Principal !== undefined;
  return {
    effect: Effect === 'Allow' ? 'Allow' : 'Deny',
    actions: matchers(statement, 'Action'),
    conditions: conditionsOf(statement.Condition),
    ...(isTrust && { principals: principalsOf(Principal) }),
    ...((Resource ?? NotResource) !== undefined && { resources: matchers(statement, 'Resource') }),
  };
}

function matchers(statement: Json, name: 'Action' | 'Resource'): Matchers {
  const plain = statement[name];
  return { negated: plain === undefined, patterns: listed(plain ?? statement[`Not${name}`]) };
}

const principalsOf = (principal: unknown): Principals =>
  isObject(principal)
    ? Object.fromEntries(Object.entries(principal).map(([kind, names]) => [kind, listed(names)]))
    : 'any';

const conditionsOf = (condition: unknown): Condition[] =>
  Object.entries(isObject(condition) ? condition : {}).flatMap(([operator, keys]) =>
    Object.entries(isObject(keys) ? keys : {}).map(([key, values]) => ({
      operator,
      key,
      values: listed(values),
    })),
  );
