import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { type Rehearsal, rehearse } from './rehearsal.ts';
import { policyUsage } from './usage.ts';

const policy = (name: string) =>
  readFileSync(new URL(`../../infra/aws/${name}-policy.json`, import.meta.url), 'utf8');
const runner = policy('runner');
const boundary = policy('boundary');

let rehearsal: Rehearsal;
before(async () => {
  rehearsal = await rehearse({ runner, boundary });
});

test('the whole contract is judged under the runner policy, and nothing is left', () => {
  const { results, signing, left, doctor, removals } = rehearsal;
  assert.equal(doctor.code, 0, doctor.said);
  assert.doesNotMatch(doctor.said, /^no |is unknown/m, doctor.said);
  assert.equal(results.verdict, 'conformant', results.because);
  assert.equal(signing.verdict, 'conformant', signing.because);
  assert.deepEqual(left, []);
  assert.deepEqual(
    removals.map(({ finding, problem }) => [finding.kind, problem]),
    [
      ['stream', undefined],
      ['role', undefined],
      ['role', undefined],
      ['user', undefined],
      ['rest-api', undefined],
    ],
  );
});

test('the runner policy is exactly what a run needs', () => {
  assert.ok(rehearsal.calls.length > 500);
  // A run looks up a missing role or user only after an error; the doctor always does.
  const asked = rehearsal.doctorCalls.filter(({ action }) =>
    ['kinesis:DescribeLimits', 'iam:GetRole', 'iam:GetUser'].includes(action),
  );
  assert.deepEqual(policyUsage(runner, [...rehearsal.calls, ...asked]), {
    // The sweep does not list API keys, since a list includes the values of every user's keys.
    missing: ['/usageplans', '/apikeys'].map(
      (path) => `apigateway:GET on arn:aws:apigateway:us-east-1::${path}`,
    ),
    unused: [],
  });
});

test('the boundary of what the runner creates is exactly what a run needs', () => {
  assert.deepEqual(policyUsage(boundary, rehearsal.madeCalls).unused, []);
});
