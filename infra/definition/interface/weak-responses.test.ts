import { test } from 'node:test';
import { expect } from 'chai';
import type { JsonObject } from '../types.ts';
import { deriveInterface } from './derive.ts';
import { interfaceOf, type MethodText, openapiOf } from './testing.ts';

const DECLARED = Object.fromEntries(
  ['200', '400', '404', '502'].map((status) => [status, { description: 'declared' }]),
);
const OWN = { 'application/json': '{"type": "BadRequest"}' };
const BY_TYPE = {
  'application/json': `#set($type = $input.path('$.__type'))
#if($type == 'ResourceNotFoundException')#set($context.responseOverride.status = 404)
#elseif($type == 'ResourceInUseException')#set($context.responseOverride.status = 409)
#elseif($type == 'AccessDeniedException')#set($context.responseOverride.status = 403)
#elseif($type == 'ProvisionedThroughputExceededException' || $type == 'LimitExceededException')#set($context.responseOverride.status = 429)
#end{"type": "$type"}`,
};
const GOOD = {
  default: { statusCode: '200' },
  '4\\d{2}': { statusCode: '400', responseTemplates: BY_TYPE },
  '5\\d{2}': { statusCode: '502', responseTemplates: OWN },
};

/** The weaknesses of a put with these integration responses, as `what: why`, without those of its request. */
function weakOf(responses: JsonObject, more: Partial<MethodText> = {}): string[] {
  const { weak } = interfaceOf({
    template: '{}',
    integration: { responses },
    operation: { responses: DECLARED },
    ...more,
  });
  return weak.filter(({ what }) => what !== 'anonymous writing').map(({ what, why }) => `${what}: ${why}`);
}

test('responses that tell errors have no weakness', () => {
  for (const action of ['PutRecord', 'CreateStream', 'GetRecords', 'DescribeStream'])
    expect(
      weakOf(GOOD, { action }).filter((text) => !text.startsWith('no next')),
      action,
    ).to.deep.equal([]);
});

test('the same status for every refusal', () => {
  const weakIn = (action: string) => {
    const responses = { ...GOOD, '4\\d{2}': { statusCode: '400', responseTemplates: OWN } };
    const integration = { responses };
    const { weak } = interfaceOf({ action, template: '{}', integration, operation: { responses: DECLARED } });
    return weak.filter(({ what }) => what === 'statuses that do not tell');
  };
  const [put, ...others] = weakIn('PutRecord');
  expect(others).to.deep.equal([]);
  expect(put?.clauses).to.deep.equal(['SAFE-2']);
  expect(put?.why).to.match(/^ResourceNotFoundException is answered 400 instead of 404, .*instead of 429$/);
  expect(put?.why).to.not.include('ResourceInUse');
  expect(weakIn('CreateStream')[0]?.why).to.include('ResourceInUseException is answered 400 instead of 409');
  expect(weakIn('ListStreams')[0]?.why).to.not.include('ResourceNotFound');
});

test('why errors look like successes', () => {
  const [alone] = weakOf({ default: { statusCode: '200', responseTemplates: OWN } });
  expect(alone).to.match(/^errors as success: .*no selection pattern matches the status 400, 500 or 503$/);
  const [failures] = weakOf({ default: GOOD.default, '4\\d{2}': GOOD['4\\d{2}'] });
  expect(failures).to.match(/^errors as success: .*InternalFailure, .* status 500 or 503$/);
  const [taken] = weakOf({ ...GOOD, '4\\d{2}': { statusCode: '200', responseTemplates: OWN } });
  expect(taken).to.match(/^errors as success: .*; the selection pattern 4\\d\{2\} takes 400$/);
});

test("a pattern of an error's name, and patterns that overlap", () => {
  const named = weakOf({
    default: { statusCode: '200', responseTemplates: OWN },
    '.*NotFound.*': GOOD['4\\d{2}'],
  });
  expect(named.join('\n')).to.match(/\npattern that never matches: the selection pattern \.\*NotFound/);
  expect(weakOf({ ...GOOD, '[45]\\d{2}': { statusCode: '502', responseTemplates: OWN } }).join()).to.match(
    /patterns that overlap: the selection patterns .* match the status 400 alike/,
  );
});

test('two responses of one status', () => {
  const both = weakOf({ ...GOOD, '5\\d{2}': { statusCode: '400', responseTemplates: OWN } });
  expect(both.join()).to.match(/responses of one status: two integration responses have the status 400/);
});

test('an answer that API Gateway cannot build says why', () => {
  const undeclared = weakOf({ ...GOOD, '4\\d{2}': { ...GOOD['4\\d{2}'], statusCode: '422' } });
  expect(undeclared.join()).to.match(/is answered 500 instead of 404.*invalid method response: 422$/);
  const twice = {
    'application/json': `#set($context.responseOverride.status = 400)${BY_TYPE['application/json']}`,
  };
  const overridden = weakOf({ ...GOOD, '4\\d{2}': { statusCode: '400', responseTemplates: twice } });
  expect(overridden.join()).to.match(/AccessDeniedException is answered 500 .*status is overridden twice$/);
});

test("Kinesis's own text, which names the account", () => {
  const passed = weakOf({ ...GOOD, '5\\d{2}': { statusCode: '502' } });
  expect(passed.join()).to.match(
    /^Kinesis's own text: the client reads Kinesis's text of InternalFailure and 1 other/,
  );
});

test("Kinesis's text of the refused records of a batch, which names the account", () => {
  const partly = (template: string) =>
    weakOf(
      {
        ...GOOD,
        default: {
          statusCode: '200',
          responseTemplates: { 'application/json': template },
        },
      },
      { action: 'PutRecords' },
    ).filter((one) => one.startsWith("Kinesis's text of refused"));
  expect(partly(`$input.json('$')`)).to.have.length(1);
  expect(partly(`{"codes": [$input.json('$.Records[1].ErrorCode')]}`)).to.deep.equal([]);
});

test('errors without a type, or of one type', () => {
  const typed = (type: string) => ({ 'application/json': `{"type": "${type}"}` });
  const told = (refused: Record<string, string>, failed: Record<string, string>) =>
    weakOf({
      ...GOOD,
      '4\\d{2}': { statusCode: '400', responseTemplates: refused },
      '5\\d{2}': { statusCode: '502', responseTemplates: failed },
    }).filter((one) => one.startsWith('errors without a type'));
  const own = { 'application/json': `{"type": "$input.path('$.__type')"}` };
  expect(told(own, typed('ServiceFailure'))).to.deep.equal([]);
  expect(told(own, { 'application/json': '{"status": "error"}' }).join()).to.match(
    /the answer to InternalFailure has/,
  );
  expect(told(typed('Refused'), typed('Failed')).join()).to.match(
    /the answer to AccessDeniedException and ProvisionedThroughputExceededException has/,
  );
});

test('a blank answer is a weakness only where clients need an answer', () => {
  const of = (action: string) => {
    const blank = { 'application/json': '\n #set($unused = "")\n' };
    const responses = { ...GOOD, default: { statusCode: '200', responseTemplates: blank } };
    const { calls, weak } = interfaceOf({
      action,
      template: '{}',
      integration: { responses },
      operation: { responses: DECLARED },
    });
    expect(calls[0]?.undetermined.filter(({ what }) => what === 'response')).to.deep.equal([]);
    return weak
      .filter(({ why }) => /not JSON|prints nothing/.test(why))
      .map(({ what, clauses }) => [what, clauses]);
  };
  expect(of('PutRecord')).to.deep.equal([]);
  expect(of('GetRecords')).to.deep.equal([['blank answer', ['SAFE-17']]]);
  expect(of('PutRecords')).to.deep.equal([['blank answer', ['SAFE-4']]]);
});

test('what a page of another origin cannot do', () => {
  const allow = (origin: string) => ({
    responseParameters: { 'method.response.header.Access-Control-Allow-Origin': `'${origin}'` },
  });
  const answers = {
    default: { ...GOOD.default, ...allow('https://a.example') },
    '4\\d{2}': { ...GOOD['4\\d{2}'], ...allow('https://b.example') },
    '5\\d{2}': GOOD['5\\d{2}'],
  };
  const document = openapiOf(
    [
      { template: '{}', integration: { responses: answers }, operation: { responses: DECLARED } },
      {
        verb: 'options',
        integration: {
          type: 'mock',
          uri: undefined as never,
          responses: { default: { statusCode: '200', ...allow('https://a.example') } },
        },
        operation: { security: [{ key: [] }] },
      },
    ],
    {
      components: {
        securitySchemes: { key: { type: 'apiKey', name: 'x-api-key', in: 'header' } },
      },
    },
  );
  const found = deriveInterface(JSON.parse(JSON.stringify(document)) as JsonObject).weak.filter(
    ({ clauses }) => clauses?.includes('SAFE-15'),
  );
  expect(found.map(({ why }) => why)).to.deep.equal([
    'OPTIONS demands an API key, and browsers send no credentials with a preflight',
    'the answer to ResourceNotFoundException and 8 others allows the origin https://b.example, and the preflight https://a.example',
    'the answer to InternalFailure and 1 other allows no origin',
  ]);
});
