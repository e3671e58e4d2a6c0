/** A policy document with every "one or a list" made a list. */
export interface PolicyDocument {
  /** `${aws:username}` is a variable since version 2012-10-17, and a text before. */
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

/** Why a text is no policy, as MalformedPolicyDocument's text. */
export class MalformedPolicy extends Error {}

type Json = Readonly<Record<string, unknown>>;

const OPERATORS = new RegExp(
  '^(ForAllValues:|ForAnyValue:)?(String(Not)?(Equals(IgnoreCase)?|Like)|Arn(Not)?(Equals|Like)|Bool|Null|BinaryEquals|' +
    'Numeric((Not)?Equals|(Less|Greater)Than(Equals)?)|Date((Not)?Equals|(Less|Greater)Than(Equals)?)|' +
    '(Not)?IpAddress)(IfExists)?$',
);

/** A permission policy names resources, a trust policy principals. Throws MalformedPolicy. */
export function parsePolicy(text: string, kind: 'permission' | 'trust'): PolicyDocument {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new MalformedPolicy('This policy contains invalid Json');
  }
  const document = object(json, 'Syntax errors in policy.');
  const { Version, Statement } = document;
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') {
    throw new MalformedPolicy('The policy must contain a valid version string');
  }
  if (Statement === undefined) throw new MalformedPolicy('Syntax errors in policy.');
  const statements = Array.isArray(Statement) ? Statement : [Statement];
  return {
    hasVariables: Version === '2012-10-17',
    statements: statements.map((statement) =>
      parseStatement(object(statement, 'Syntax errors in policy.'), kind),
    ),
  };
}

function parseStatement(statement: Json, kind: 'permission' | 'trust'): Statement {
  const { Effect } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') throw new MalformedPolicy('Syntax errors in policy.');
  const actions = matchers(statement, 'Action', 'Policy statement must contain actions.');
  const conditions = parseConditions(statement.Condition);
  if (kind === 'trust') {
    if (statement.Resource !== undefined || statement.NotResource !== undefined) {
      throw new MalformedPolicy('Has prohibited field Resource');
    }
    return { effect: Effect, principals: parsePrincipals(statement.Principal), actions, conditions };
  }
  if (statement.Principal !== undefined || statement.NotPrincipal !== undefined) {
    throw new MalformedPolicy('Policy document should not specify a principal.');
  }
  const resources = matchers(statement, 'Resource', 'Policy statement must contain resources.');
  return { effect: Effect, actions, resources, conditions };
}

function matchers(statement: Json, name: 'Action' | 'Resource', absent: string): Matchers {
  const plain = statement[name];
  const negated = statement[`Not${name}`];
  if ((plain === undefined) === (negated === undefined)) throw new MalformedPolicy(absent);
  return { negated: plain === undefined, patterns: strings(plain ?? negated) };
}

function parsePrincipals(principal: unknown): Principals {
  if (principal === '*') return 'any';
  if (principal === undefined) throw new MalformedPolicy('Missing required field Principal');
  const kinds = object(principal, 'Invalid principal in policy.');
  return Object.fromEntries(Object.entries(kinds).map(([kind, names]) => [kind, strings(names)]));
}

function parseConditions(condition: unknown): Condition[] {
  if (condition === undefined) return [];
  return Object.entries(object(condition, 'Syntax errors in policy.')).flatMap(([operator, keys]) => {
    if (!OPERATORS.test(operator)) throw new MalformedPolicy(`Invalid Condition type : ${operator}.`);
    return Object.entries(object(keys, 'Syntax errors in policy.')).map(([key, values]) => ({
      operator,
      key,
      values: strings(values),
    }));
  });
}

function object(value: unknown, problem: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new MalformedPolicy(problem);
  return value as Json;
}

/** Booleans and numbers count as their texts, as in `"aws:SecureTransport": true`. */
function strings(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map((item) => {
    if (!['string', 'boolean', 'number'].includes(typeof item))
      throw new MalformedPolicy('Syntax errors in policy.');
    return String(item);
  });
}
