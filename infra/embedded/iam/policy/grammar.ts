/** Why a text is not a valid policy: the message of MalformedPolicyDocument. */
export class MalformedPolicy extends Error {}

export function must(holds: boolean, refusal: string): void {
  if (!holds) throw new MalformedPolicy(refusal);
}

export type Json = Readonly<Record<string, unknown>>;

/** A policy document whose members have the types of IAM's grammar. */
export interface WrittenPolicy {
  readonly version: string | undefined;
  readonly statements: readonly Json[];
}

/** The error messages for a kind of policy; `unknown` gets the name of an unknown member. */
export interface Refusals {
  readonly syntax: string;
  readonly version: string;
  readonly absentStatement: string;
  readonly emptyStatement: string;
  unknown(member: string): string;
}

const DOCUMENT = new Set(['Version', 'Id', 'Statement']);
const STATEMENT = new Set(
  'Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition'.split(' '),
);
/** Pairs of which a statement has one, as a string or a list of strings. */
const LISTED = ['Action', 'Resource'] as const;

const OPERATORS = new RegExp(
  '^(ForAllValues:|ForAnyValue:)?(String(Not)?(Equals(IgnoreCase)?|Like)|Arn(Not)?(Equals|Like)|Bool|Null|BinaryEquals|' +
    'Numeric((Not)?Equals|(Less|Greater)Than(Equals)?)|Date((Not)?Equals|(Less|Greater)Than(Equals)?)|' +
    '(Not)?IpAddress)(IfExists)?$',
);

/**
 * Parses a document and checks the grammar (IAM User Guide, "Grammar of the IAM JSON policy language"), in the order
 * in which IAM reports errors (moto tests/test_iam/test_iam_policies.py). Throws MalformedPolicy.
 */
export function readGrammar(text: string, refusals: Refusals, unreadable = refusals.syntax): WrittenPolicy {
  const syntax = (isRight: boolean) => must(isRight, refusals.syntax);
  const document = parsed(text, unreadable);
  if (!isObject(document)) throw new MalformedPolicy(refusals.syntax);
  const { Version, Id, Statement } = document;
  for (const member of Object.keys(document)) must(DOCUMENT.has(member), refusals.unknown(member));
  syntax(Id === undefined || typeof Id === 'string');
  const isVersion = Version === '2012-10-17' || Version === '2008-10-17';
  must(isVersion || Version === undefined, refusals.version);
  must(Statement !== undefined, refusals.absentStatement);
  const statements: unknown[] = Array.isArray(Statement) ? Statement : [Statement];
  must(statements.length > 0, refusals.emptyStatement);
  return {
    version: isVersion ? Version : undefined,
    statements: statements.map((statement) => {
      if (!isObject(statement)) throw new MalformedPolicy(refusals.syntax);
      for (const member of Object.keys(statement)) must(STATEMENT.has(member), refusals.unknown(member));
      syntax(statement.Sid === undefined || typeof statement.Sid === 'string');
      for (const name of LISTED) {
        const [plain, negated] = [statement[name], statement[`Not${name}`]];
        syntax(plain === undefined || negated === undefined);
        syntax(isTexts(plain ?? negated ?? []));
      }
      syntax(hasConditions(statement.Condition ?? {}));
      return statement;
    }),
  };
}

function parsed(text: string, unreadable: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedPolicy(unreadable);
  }
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTexts = (value: unknown) =>
  (Array.isArray(value) ? value : [value]).every((item) => typeof item === 'string');

/** An operator without keys is ignored (moto, as above). */
function hasConditions(condition: unknown): boolean {
  return (
    isObject(condition) &&
    Object.entries(condition).every(
      ([operator, keys]) =>
        isObject(keys) &&
        (Object.keys(keys).length === 0 ||
          (OPERATORS.test(operator) && Object.values(keys).every(isConditionValue))),
    )
  );
}

/** Booleans and numbers are converted to strings, as in `"aws:SecureTransport": true`. */
const isConditionValue = (value: unknown) =>
  (Array.isArray(value) ? value : [value]).every((item) =>
    ['string', 'boolean', 'number'].includes(typeof item),
  );

/** Converts a string or a list of strings to a list. */
export const listed = (value: unknown): string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);

/** An empty id counts as absent. */
export function hasRepeatedSid(statements: readonly Json[]): boolean {
  const sids = statements.flatMap(({ Sid }) => (Sid === undefined || Sid === '' ? [] : [Sid]));
  return new Set(sids).size < sids.length;
}
