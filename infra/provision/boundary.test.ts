import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../errors.ts';
import { BOUNDARY_VARIABLE, boundaryOf } from './boundary.ts';

const target = (region: string, account?: string) => ({
  access: { region },
  ...(account === undefined ? {} : { account }),
});

test('the boundary of a run is given by ARN or by name', () => {
  const rows: [string | undefined, Parameters<typeof boundaryOf>[0], string | undefined][] = [
    [undefined, target('us-east-1'), undefined],
    ['', target('us-east-1'), undefined],
    ['arn:aws:iam::123456789012:policy/a/b', target('us-east-1'), 'arn:aws:iam::123456789012:policy/a/b'],
    ['arn:aws:iam::aws:policy/ReadOnlyAccess', target('us-east-1'), 'arn:aws:iam::aws:policy/ReadOnlyAccess'],
    ['limit', target('us-east-1', '123456789012'), 'arn:aws:iam::123456789012:policy/limit'],
    ['limit', target('cn-north-1', '123456789012'), 'arn:aws-cn:iam::123456789012:policy/limit'],
  ];
  for (const [given, where, expected] of rows)
    assert.equal(boundaryOf(where, { [BOUNDARY_VARIABLE]: given }), expected);
});

test('a value that is not a policy is refused', () => {
  for (const [given, where] of [
    ['arn:aws:iam::123456789012:role/r', target('us-east-1', '123456789012')],
    ['a b', target('us-east-1', '123456789012')],
    ['limit', target('us-east-1')],
  ] as const)
    assert.throws(() => boundaryOf(where, { [BOUNDARY_VARIABLE]: given }), UsageError, given);
});
