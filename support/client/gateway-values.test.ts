import { test } from 'node:test';
import { expect } from 'chai';
import type { Call, Place } from '../../infra/definition/interface/types.ts';
import { requestOf } from './by-interface.ts';
import { expectedInput } from './expected-input.ts';
import { asText, matchesStored, readable } from './gateway-values.ts';
import { maySend } from './may-send.ts';

const CALL: Call = {
  action: 'PutRecord',
  method: 'POST',
  path: '/events',
  contentType: 'application/json',
  stream: { fixed: 's' },
  data: {
    template: [
      '{"event": ',
      { from: 'body', at: '', as: ['json'] },
      ', "from": "',
      { from: 'header', name: 'X-Source' },
      '", "ip": "',
      { from: 'context', name: 'identity.sourceIp' },
      '"}',
    ],
  },
  partitionKey: { template: [{ from: 'query', name: 'id' }, '-', { from: 'context', name: 'requestId' }] },
  others: { DryRun: { from: 'body', at: '/DryRun', whenAbsent: 'omitted' } },
  errors: 'mapped',
  statuses: {},
  success: 200,
  auth: 'none',
  apiKeyRequired: false,
  contentTypes: ['application/json'],
  passthrough: false,
  required: [],
  response: 'pass-through',
  undetermined: [],
};

test('generated values in a record may be anything, but the rest must match', () => {
  const request = requestOf(CALL, { data: 'a', partitionKey: 'k' });
  const [told = { data: '', partitionKey: '' }] = expectedInput(CALL, request, {}).records;
  const stored = (event: string, ip: string) =>
    `{"event": {"payload":"${event}"}, "from": "a", "ip": "${ip}"}`;
  expect(matchesStored(told.data, stored('a', '192.0.2.7'))).to.equal(true);
  expect(matchesStored(told.data, stored('b', '192.0.2.7'))).to.equal(false);
  expect(matchesStored(told.data, stored('a', '1", "event": "b'))).to.equal(false);
  expect(matchesStored(told.data, `${stored('a', '1')} `)).to.equal(false);
  expect(matchesStored(told.partitionKey ?? '', 'k-42')).to.equal(true);
  expect(matchesStored(told.partitionKey ?? '', 'j-42')).to.equal(false);
  expect(readable(told.partitionKey ?? '')).to.equal('k-<requestId>');
  expect(JSON.parse(asText(told.data))).to.have.property('ip', '0');
});

test('optional members of Kinesis are omitted', () => {
  expect(requestOf(CALL, {}).body).to.not.contain('DryRun');
});

test('a text that a header cannot contain is sent in the body only', () => {
  const place = CALL.data as Place;
  for (const data of ['😀', 'x'.repeat(65_536)]) {
    const request = requestOf(CALL, { data });
    expect(maySend(place, data)).to.equal(true);
    expect(request.headers['X-Source']).to.equal('some data');
    expect(request.body).to.contain(data);
  }
  expect(maySend({ from: 'header', name: 'X-Source' }, '😀')).to.equal(false);
});
