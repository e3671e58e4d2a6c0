/** One or two quick trials of each kind: the self-test of `npm test`. */
export const QUICK: readonly string[] = [
  // The longest first, so that it does not run alone at the end.
  'accepted-and-not-stored',
  // definitions
  'empty-resource-added',
  'callers-need-a-key',
  'kinesis-called-by-get',
  'pass-through-loosened-once',
  'model-of-numbers',
  'four-by-default',
  'put-one-quotes-lost',
  'put-one-key-lower-cased',
  'put-many-comma-dropped',
  'iterator-latest',
  'read-body-before-header',
  'errors-hidden',
  // deployments and roles
  'role-trusts-anyone',
  'changed-after-deployment',
  // gateway and Kinesis
  'second-record-lost',
  'never-caught-up',
  'server-named',
  'drops-connections-of-the-proxy',
];
