/**
 * What a target lets the suite do or claims to do. A scenario that cannot even be tried without one carries
 * `@requires:<capability>` and is *not observable* where it is missing. The others are claims: nothing is
 * skipped for want of them, since a scenario that fails there is either a defect or a listed divergence.
 */
export const CAPABILITIES = {
  'control-plane': 'the deployed configuration can be read through API Gateway',
  'direct-kinesis': 'Kinesis can be asked directly, behind the proxy',
  'test-invoke': "API Gateway's test invocation can be called",
  'own-roles': 'the run may deploy the proxy again under other execution roles',
  'kinesis-conditions':
    'Kinesis can be made to fail, to answer too late and to let time pass, as no client can bring about',
  'iam-enforcement': "the execution role's trust and permissions decide",
  'kinesis-validation': "Kinesis answers bad input with AWS's error types",
  'aws-fidelity': "literal texts recorded on AWS are the target's own claim",
} as const;

export type Capability = keyof typeof CAPABILITIES;

export const ALL_CAPABILITIES = Object.keys(CAPABILITIES) as readonly Capability[];

/** What AWS has and claims: nobody makes its Kinesis fail. */
export const AWS_CAPABILITIES = ALL_CAPABILITIES.filter((capability) => capability !== 'kinesis-conditions');

/** What an AWS-compatible endpoint lets the suite do; it claims nothing. */
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
 * Of these, what no client could bring about on AWS either. A scenario that needs one decides more of its clauses where
 * it can be tried; where it cannot, the others decide them.
 */
export const ON_DEMAND_CAPABILITIES: readonly Capability[] = ['kinesis-conditions'];

export function isCapability(name: string): name is Capability {
  return Object.hasOwn(CAPABILITIES, name);
}
