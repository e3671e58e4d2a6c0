import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ROLE_PATH } from '../provision/role.ts';
import { USER_PATH } from '../provision/user.ts';
import { readYaml } from '../yaml.ts';

// biome-ignore lint/suspicious/noExplicitAny: the shape of a CloudFormation template is not typed.
type Untyped = any;

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const template: Untyped = readYaml(read('bootstrap.yaml'));
const { Boundary, Runner, Budget } = template.Resources;
const runner: Untyped = JSON.parse(read('runner-policy.json'));

/** Substitutes the region for which the policies were tested. */
const inRegion = (node: Untyped): Untyped =>
  JSON.parse(JSON.stringify(node).replaceAll('{"Ref":"AWS::Region"}', '"us-east-1"'));

test('the stack has exactly the tested policies, for its own region', () => {
  const policies = [{ PolicyName: 'runner', PolicyDocument: runner }];
  assert.deepEqual(inRegion(Runner.Properties.Policies), policies);
  assert.deepEqual(inRegion(Boundary.Properties.PolicyDocument), JSON.parse(read('boundary-policy.json')));
});

test("the runner's permissions on roles and users are limited to its path", () => {
  assert.equal(Runner.Properties.Path, undefined);
  for (const { Action, Resource } of runner.Statement)
    if ([Action].flat().some((action: string) => /^iam:(Create|Pass|Put|Delete|Tag)/.test(action)))
      assert.ok(
        [`arn:*:iam::*:role${ROLE_PATH}kpc-*`, `arn:*:iam::*:user${USER_PATH}kpc-*`].includes(Resource),
        Resource,
      );
});

test('the boundary that the policy requires is the one that the stack creates', () => {
  const demanded = runner.Statement.map(
    ({ Condition }: Untyped) => Condition?.ArnLike?.['iam:PermissionsBoundary'],
  ).filter(Boolean);
  assert.ok(demanded.length > 0);
  for (const arn of demanded)
    assert.equal(arn, `arn:*:iam::*:policy/${Boundary.Properties.ManagedPolicyName}`);
});

test('the runner cannot change the stack itself', () => {
  for (const name of [Runner.Properties.RoleName, Boundary.Properties.ManagedPolicyName])
    assert.doesNotMatch(name, /^kpc/);
});

test('only jobs in the nightly environment can assume the role', () => {
  const [statement, ...others] = Runner.Properties.AssumeRolePolicyDocument.Statement;
  assert.deepEqual(others, []);
  assert.deepEqual(statement.Condition, {
    StringEquals: {
      'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
      'token.actions.githubusercontent.com:sub': {
        'Fn::Sub': 'repo:${GitHubRepository}:environment:${GitHubEnvironment}',
      },
    },
  });
  const { jobs }: Untyped = readYaml(read('../../.github/workflows/nightly.yml'));
  assert.equal(jobs.aws.environment, template.Parameters.GitHubEnvironment.Default);
});

test('the budget sends a warning before and when it is exhausted', () => {
  const told = Budget.Properties.NotificationsWithSubscribers.map(
    ({ Notification, Subscribers }: Untyped) => [Notification.NotificationType, Subscribers[0].Address],
  );
  assert.deepEqual(told, [
    ['ACTUAL', { Ref: 'BudgetEmail' }],
    ['FORECASTED', { Ref: 'BudgetEmail' }],
  ]);
});

test('every reference in the stack resolves', () => {
  const known = new Set([
    ...Object.keys(template.Parameters),
    ...Object.keys(template.Resources),
    'AWS::Region',
  ]);
  const referred = [...references(template)];
  assert.ok(referred.length > 5);
  for (const name of referred) assert.ok(known.has(name), name);
  for (const { Condition } of Object.values<Untyped>(template.Resources))
    if (Condition !== undefined) assert.ok(Condition in template.Conditions, Condition);
});

function* references(node: Untyped): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries<Untyped>(node)) {
    if (key === 'Ref') yield value;
    else if (key === 'Fn::GetAtt') yield value[0];
    else if (key === 'Fn::Sub') for (const [, name = ''] of value.matchAll(/\$\{(\w+)\}/g)) yield name;
    else yield* references(value);
  }
}
