import {
  hasRepeatedSid,
  type Json,
  listed,
  must,
  type Refusals,
  readGrammar,
  type WrittenPolicy,
} from './grammar.ts';

const SYNTAX = 'Syntax errors in policy.';
const REFUSALS: Refusals = {
  syntax: SYNTAX,
  version: SYNTAX,
  absentStatement: SYNTAX,
  emptyStatement: SYNTAX,
  unknown: () => SYNTAX,
};
const LEGACY = 'The policy failed legacy parsing';

/**
 * Parses a policy that grants permissions. Messages and the order of checks are those of moto's
 * tests/test_iam/test_iam_policies.py, whose cases are managed policies; that inline policies are checked alike,
 * except for the version, is inferred. Throws MalformedPolicy.
 */
export function readPermissionPolicy(text: string, isManaged: boolean): WrittenPolicy {
  const policy = readGrammar(text, REFUSALS);
  const { version, statements } = policy;
  for (const { Effect } of statements) must(/^(allow|deny)$/i.test(String(Effect)), SYNTAX);
  if (isManaged) {
    must(version === '2012-10-17', 'Policy document must be version 2012-10-17 or greater.');
  }
  for (const statement of statements) {
    const isPermission = statement.Principal === undefined && statement.NotPrincipal === undefined;
    must(isPermission, 'Policy document should not specify a principal.');
    checkLegacy(statement);
  }
  must(!hasRepeatedSid(statements), 'Statement IDs (SID) in a single policy must be unique.');
  for (const statement of statements) {
    must(actionsOf(statement).length > 0, 'Policy statement must contain actions.');
  }
  for (const resource of statements.flatMap(resourcesOf)) checkResource(resource);
  for (const action of statements.flatMap(actionsOf)) checkAction(action);
  for (const statement of statements) {
    must(resourcesOf(statement).length > 0, 'Policy statement must contain resources.');
  }
  return policy;
}

const actionsOf = ({ Action, NotAction }: Json) => listed(Action ?? NotAction);
const resourcesOf = ({ Resource, NotResource }: Json) => listed(Resource ?? NotResource);

function checkLegacy(statement: Json): void {
  must(statement.Effect === 'Allow' || statement.Effect === 'Deny', LEGACY);
  for (const [operator, keys] of Object.entries((statement.Condition ?? {}) as Json)) {
    if (!/^(For(All|Any)Values?:)?Date/.test(operator)) continue;
    for (const value of Object.values(keys as Json).flatMap(listed)) must(isDate(value), LEGACY);
  }
  for (const resource of resourcesOf(statement)) {
    const parts = resource.split(':');
    const isCut = parts.length > 3 && (parts.length < 6 || parts[2] === '');
    must(!(isPartition(parts[1]) && isCut), LEGACY);
  }
}

/** Loosely ISO 8601, or seconds since the epoch. */
function isDate(text: string): boolean {
  if (/^-?\d+$/.test(text)) return BigInt.asIntN(64, BigInt(text)) === BigInt(text);
  const month = '(0[1-9]|1[0-2])';
  const time = String.raw`\d{1,2}(:\d{2}(:\d{2}(\.\d{1,9})?)?)?(Z|[+-]\d{2}(:?\d{2})?)?`;
  return new RegExp(`^\\d{1,9}(-${month}(-\\d{2})?)?(T(${time})?)?$`, 'i').test(text);
}

/** Many policies use `arn:*:…` (inferred). */
const isPartition = (name: string | undefined) => /^(aws(-[a-z-]+)?|\*)$/.test(name ?? '');

/** The resource prefixes that IAM's messages list, for services whose ARNs it checks in detail. */
const IAM_PATHS =
  'user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/';

function checkResource(resource: string): void {
  if (resource === '*') return;
  const [, partition, service = '', region = '', , ...rest] = resource.split(':');
  must(partition !== undefined, `Resource ${resource} must be in ARN format or "*".`);
  must(isPartition(partition), `Partition "${partition}" is not valid for resource "${filled(resource)}".`);
  const isVendor = service !== '' && !/[*?]/.test(service);
  must(isVendor, 'Resource vendor must be fully qualified and cannot contain regexes.');
  const path = rest.join(':');
  if (service === 'iam') {
    must(region === '', `IAM resource ${resource} cannot contain region information.`);
    const isKnown =
      /[*$]/.test(path[0] ?? '') || IAM_PATHS.split(', ').some((start) => path.startsWith(start));
    must(isKnown, `IAM resource path must either be "*" or start with ${IAM_PATHS}.`);
  } else if (service === 's3' && !path.startsWith('accesspoint')) {
    must(region === '', `Resource ${resource} can not contain region information.`);
  }
}

/** The five parts after `arn`, with `*` for each missing one; the last part may contain colons. */
function filled(resource: string): string {
  const parts = resource.split(':').slice(1);
  const first = Array.from({ length: 4 }, (_, index) => parts[index] ?? '*');
  return ['arn', ...first, parts.length > 4 ? parts.slice(4).join(':') : '*'].join(':');
}

function checkAction(action: string): void {
  if (action === '*') return;
  const [vendor = '', ...names] = action.split(':');
  must(names.length > 0, 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  must(names.length === 1, 'Actions/Condition can contain only one colon.');
  must(/^(\*|[\w.-]+)$/.test(vendor), `Vendor ${vendor} is not valid`);
}
