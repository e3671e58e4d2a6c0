/**
 * What the suite can do on a target, and what the target claims. A scenario that needs a capability carries
 * `@requires:<capability>`; on a target without it, the scenario is *not observable*. A missing claim skips nothing: a
 * scenario that then fails is a defect or a listed divergence.
 */
export const CAPABILITIES = {
  'control-plane': 'the deployed configuration can be read through API Gateway',
  'direct-kinesis': 'Kinesis can be queried directly, without the proxy',
  'test-invoke': "API Gateway's test invocation can be called",
  'own-roles': 'the run can redeploy the proxy under other execution roles',
  'kinesis-conditions':
    'Kinesis can be made to fail, to answer too late and to let time pass, which no client can cause',
  'iam-enforcement': "the execution role's trust and permissions decide",
  'kinesis-validation': "Kinesis answers bad input with AWS's error types",
  'aws-fidelity': "literal texts recorded on AWS are the target's own claim",
} as const;

export type Capability = keyof typeof CAPABILITIES;

/** What a report says of a target without the capability. */
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

/** AWS has and claims every capability, except that its Kinesis cannot be made to fail. */
export const AWS_CAPABILITIES = ALL_CAPABILITIES.filter((capability) => capability !== 'kinesis-conditions');

/** What the suite can do on an AWS-compatible endpoint, which claims nothing. */
export const ENDPOINT_CAPABILITIES: readonly Capability[] = [
  'control-plane',
  'direct-kinesis',
  'test-invoke',
  'own-roles',
];

/** The capabilities without which a scenario that requires them cannot run. */
export const OBSERVATION_CAPABILITIES = [
  'control-plane',
  'direct-kinesis',
  'test-invoke',
  'own-roles',
  'kinesis-conditions',
] as const;

/**
 * The capabilities that AWS lacks too. A scenario that requires one of them supplements the other scenarios of its
 * clauses; where it cannot run, the others decide alone.
 */
export const ON_DEMAND_CAPABILITIES: readonly Capability[] = ['kinesis-conditions'];

export function isCapability(name: string): name is Capability {
  return Object.hasOwn(CAPABILITIES, name);
}
