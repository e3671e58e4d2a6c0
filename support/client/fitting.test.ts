import { test } from 'node:test';
import type { Call } from '../../infra/definition/interface/types.ts';
import type { JsonObject } from '../../infra/definition/types.ts';
import { expect } from '../expect/expect.ts';
import { requestOf } from './by-interface.ts';
import { fittingText } from './fitting.ts';

test('plain texts take the form that a model demands, each its own', () => {
  const order = { type: 'string', pattern: '^[A-Z]{2}-[0-9]{4}$' };
  expect(fittingText(order, 'record 1')).to.match(/^[A-Z]{2}-\d{4}$/);
  expect(fittingText(order, 'record 1')).to.equal(fittingText({ ...order }, 'record 1'));
  expect(fittingText(order, 'record 1')).to.not.equal(fittingText(order, 'record 2'));
  expect(fittingText({ pattern: '^[a-z-]+$' }, 'some key')).to.equal('some-key');
  expect(fittingText({ pattern: '^\\d{6}$' }, 'some key')).to.match(/^\d{6}$/);
  expect(fittingText({ enum: ['eu', 'us'] }, 'some key')).to.be.oneOf(['eu', 'us']);
  expect(fittingText({ minLength: 12 }, 'some key')).to.equal('some key....');
  expect(fittingText({ maxLength: 4 }, 'record 17')).to.equal('d 17');
});

test('texts that a scenario is about stay, and so do those for which nothing is found', () => {
  const digits = { pattern: '^\\d+$' };
  for (const text of ['a "quoted" key', 'Ключ', 'x'.repeat(65_536), '', '$input.body'])
    expect(fittingText(digits, text)).to.equal(text);
  expect(fittingText({ pattern: '^(?=.*Ж)(?!x)Ж\\w+$' }, 'some key')).to.equal('some key');
  expect(fittingText({ pattern: '^(a{9999}){9999}$' }, 'some key')).to.equal('some key');
  expect(fittingText({ type: 'integer', pattern: '^x$' }, 'some key')).to.equal('some key');
});

const pattern = '^C-[0-9]{6}$';
const ORDER = {
  type: 'object',
  required: ['customer', 'note', 'size'],
  additionalProperties: false,
  properties: {
    customer: { type: 'string', pattern },
    size: { type: 'integer' },
    code: { type: 'string', pattern: '^[A-Z]+$' },
    note: { type: 'string' },
  },
} satisfies JsonObject;
const CALL = {
  action: 'PutRecord',
  method: 'POST',
  path: '/orders',
  contentType: 'application/json',
  required: [],
  data: { from: 'raw-body' },
  partitionKey: { from: 'body', at: '/customer' },
} as unknown as Call;
const bodyOf = (model: JsonObject, data: string) =>
  JSON.parse(requestOf({ ...CALL, model }, { data }).body ?? '') as Record<string, unknown>;

test('what is stored whole has the text in a member that the model leaves open, and that no template reads', () => {
  const body = bodyOf(ORDER, 'a "quoted" text');
  expect(body).to.deep.include({ note: 'a "quoted" text', size: 1 });
  expect(body.customer).to.match(/^C-\d{6}$/);
  expect(Object.keys(body).sort()).to.deep.equal(['customer', 'note', 'size']);
  const { note: _, ...properties } = ORDER.properties;
  const coded = { ...ORDER, required: ['customer'], properties };
  expect(bodyOf(coded, 'some data').code).to.match(/^[A-Z]+$/);
  expect(bodyOf({ ...ORDER, additionalProperties: true }, 'some data').payload).to.equal('some data');
});

test('a model without a member for a text gets none', () => {
  const { customer, size } = ORDER.properties;
  const closed = { ...ORDER, required: ['customer'], properties: { customer, size } };
  expect(Object.keys(bodyOf(closed, 'some data'))).to.deep.equal(['customer']);
});
