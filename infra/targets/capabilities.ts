/**
 * What the suite can do on a target, and what the target claims. A scenario that cannot be tried without a capability
 * carries `@requires:<capability>`; where it is missing, the scenario is *not observable*. The claims skip nothing: a
 * scenario that fails without them is a defect or a listed divergence.
 */
export const CAPABILITIES = {
  'control-plane': 'the deployed configuration can be read through API Gateway',
  'direct-kinesis': 'Kinesis can be queried directly, without the proxy',
  'test-invoke': "API Gateway's test invocation can be called",
  'own-roles': 'the run can redeploy the proxy under other execution roles',
  'kinesis-conditions':
    'Kinesis can be made to fail, to answer too late and to let time pass, as no client can bring about',
  'iam-enforcement': "the execution role's trust and permissions decide",
  'kinesis-validation': "Kinesis answers bad input with AWS's error types",
  'aws-fidelity': "literal texts recorded on AWS are the target's own claim",
} as const;

export type Capability = keyof typeof CAPABILITIES;

/** The same, said of a target without the capability. */
export const UNAVAILABLE: Readonly<Record<Capability, string>> = {
  'control-plane': 'the deployed configuration cannot be read through API Gateway',
  'direct-kinesis': 'Kinesis cannot be queried directly',
  'test-invoke': "API Gateway's test invocation cannot be called",
  'own-roles': 'the proxy cannot be redeployed under other execution roles',
  'kinesis-conditions': 'Kinesis cannot be made to fail, to answer too late or to let time pass',
  'iam-enforcement': "the execution role's trust and permissions are not enforced",
  'kinesis-validation': "Kinesis does not answer bad input with AWS's error types",
  'aws-fidelity': 'literal texts recorded on AWS are not claimed',
};

export const ALL_CAPABILITIES = Object.keys(CAPABILITIES) as readonly Capability[];

/** What AWS has and claims: everything, except that its Kinesis cannot be made to fail. */
export const AWS_CAPABILITIES = ALL_CAPABILITIES.filter((capability) => capability !== 'kinesis-conditions');

/** What the suite can do on an AWS-compatible endpoint; it claims nothing. */
export const ENDPOINT_CAPABILITIES: readonly Capability[] = [
  'control-plane',
  'direct-kinesis',
  'test-invoke',
  'own-roles',
];

/** The capabilities whose absence makes a scenario impossible to try. */
export const OBSERVATION_CAPABILITIES = [
  'control-plane',
  'direct-kinesis',
  'test-invoke',
  'own-roles',
  'kinesis-conditions',
] as const;

/**
 * The capabilities that AWS does not have either. A scenario that requires one adds to what other scenarios decide of its
 * clauses; where it cannot be tried, the others decide alone.
 */
export const ON_DEMAND_CAPABILITIES: readonly Capability[] = ['kinesis-conditions'];

export function isCapability(name: string): name is Capability {
  return Object.hasOwn(CAPABILITIES, name);
}
