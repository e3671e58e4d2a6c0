import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecidedCall } from '../../infra/embedded/iam/types.ts';
import { policyUsage } from './usage.ts';

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Read',
      Effect: 'Allow',
      Action: ['a:Get', 'a:List'],
      Resource: ['arn:aws:a:::one', 'arn:aws:a:::two'],
    },
    { Sid: 'All', Effect: 'Allow', Action: 'a:*', Resource: 'arn:aws:a:::three' },
  ],
});

const call = (action: string, resource: string, allowed = true): DecidedCall => ({
  callerArn: 'arn:me',
  action,
  resource,
  context: {},
  decision: allowed ? { allowed } : { allowed, reason: 'implicit-deny' },
});

test('a policy that was needed completely', () => {
  const calls = [
    call('a:Get', 'arn:aws:a:::one'),
    call('a:List', 'arn:aws:a:::two'),
    call('a:Put', 'arn:aws:a:::three'),
  ];
  assert.deepEqual(policyUsage(POLICY, calls), { missing: [], unused: [] });
});

test('unneeded and missing permissions', () => {
  const calls = [
    call('a:Get', 'arn:aws:a:::one'),
    call('a:Get', 'arn:aws:a:::one'),
    call('b:Put', 'arn:x/kpc-0a-Main-1', false),
    call('b:Put', 'arn:x/kpc-0a-Other-2', false),
  ];
  assert.deepEqual(policyUsage(POLICY, calls), {
    missing: ['b:Put on arn:x/kpc-…'],
    unused: [
      'Action a:List of Read',
      'Resource arn:aws:a:::two of Read',
      'Action a:* of All',
      'Resource arn:aws:a:::three of All',
    ],
  });
});
