import {
  hasRepeatedSid,
  isObject,
  type Json,
  listed,
  must,
  type Refusals,
  readGrammar,
  type WrittenPolicy,
} from './grammar.ts';

/**
 * For a trust policy, IAM names the error (`Unknown field statement` is reported by users); the other messages are
 * inferred.
 */
const REFUSALS: Refusals = {
  syntax: 'Syntax errors in policy.',
  version: 'The policy must contain a valid version string',
  absentStatement: 'Missing required field Statement',
  emptyStatement: 'Could not parse the policy: Statement is empty!',
  unknown: (member) => `Unknown field ${member}`,
};

const ASSUMING = /^sts:(AssumeRole(With(SAML|WebIdentity))?|TagSession|SetSourceIdentity|SetContext)$/i;

/** Parses a policy that says who may assume a role: it names principals and no resource. Throws MalformedPolicy. */
export function readTrustPolicy(text: string): WrittenPolicy {
  const policy = readGrammar(text, REFUSALS, 'This policy contains invalid Json');
  for (const statement of policy.statements) checkStatement(statement);
  must(!hasRepeatedSid(policy.statements), 'Statement IDs (SID) in a single policy must be unique.');
  return policy;
}

function checkStatement({ Effect, Principal, NotPrincipal, ...rest }: Json): void {
  must(Effect !== undefined, 'Missing required field Effect');
  must(Effect === 'Allow' || Effect === 'Deny', REFUSALS.syntax);
  // kubernetes-sigs/external-dns#3085, hashicorp/terraform#34231.
  const isBound = rest.Resource !== undefined || rest.NotResource !== undefined;
  must(!isBound, 'Has prohibited field Resource');
  must(NotPrincipal === undefined, 'AssumeRole policy must not contain NotPrincipal field.');
  must(Principal !== undefined, 'Missing required field Principal');
  if (Principal !== '*') {
    must(isObject(Principal), 'Invalid principal in policy.');
    const names = Object.values(Principal as Json).map(listed);
    const isFilled = names.length > 0 && names.every((list) => list.length > 0);
    must(isFilled, 'Missing required field Principal cannot be empty!');
    must(!names.flat().includes(''), 'Invalid principal in policy.');
  }
  const actions = listed(rest.Action ?? rest.NotAction);
  must(actions.length > 0, 'Missing required field Action');
  const isAssuming = actions.every((action) => ASSUMING.test(action));
  must(isAssuming, 'AssumeRole policy may only specify STS AssumeRole actions.');
}
