import { type Change, combine, type Variant } from '../changes/change.ts';
import { type Document, JSON_TYPE } from '../changes/definition.ts';
import {
  answer,
  api,
  type Base,
  calls,
  callsOf,
  permissions,
  REFUSED,
  request,
  requests,
  answers as responses,
  type Stack,
  stack,
} from '../changes/stack.ts';
import { FAILURES_OTHERWISE } from '../mutants/production/failures.ts';
import { ALL, escaped, VALUES } from '../mutants/production/row.ts';
import { accounts } from './accounts.ts';
import { answers } from './answers.ts';

const PUTS = ['PutRecord', 'PutRecords'];
const QUERY = "$input.params().querystring.get('stream')";

/** One difference on some of the bases. */
function on(bases: readonly Base[], name: string, why: string, change: Change): Variant[] {
  return bases.map((base) => ({ name: `${base}-${name}`, why, base, change }));
}

/** Writes a word otherwise, wherever it stands in the API. */
function renamed(word: RegExp, other: string): Change {
  return stack(({ Resources: { Api } }) => {
    const before = JSON.stringify(Api.Properties.Body);
    const after = before.replace(word, () => other);
    if (after === before) throw new Error(`nothing is called ${word}`);
    Api.Properties.Body = JSON.parse(after) as Document;
  });
}

const paths = (edit: (path: string) => string) =>
  api((body) => {
    body.paths = Object.fromEntries(Object.entries(body.paths).map(([path, item]) => [edit(path), item]));
  });
const header = (name: string) =>
  calls('*', ({ operation, integration }) => {
    for (const one of Object.values(operation.responses))
      one.headers = { ...one.headers, [name]: { schema: { type: 'string' } } };
    for (const one of Object.values(integration.responses))
      one.responseParameters = {
        ...one.responseParameters,
        [`method.response.header.${name}`]: "'proxy'",
      };
  });
/** The API alone, under a role of the run's. */
const asOpenapi: Change = {
  stack(original) {
    const copy = structuredClone(original) as Stack;
    for (const { integration } of callsOf(copy))
      integration.credentials = 'arn:aws:iam::123456789012:role/proxy';
    return copy.Resources.Api.Properties.Body;
  },
};
/** Further variants of the tutorial, on a base: what AWS answers has no shape of the API's. */
const also = (base: Base, from: readonly Variant[], ...names: string[]): Variant[] =>
  names.map((name) => {
    const own = from.find((variant) => variant.name === name);
    if (own === undefined) throw new Error(`there is no variant ${name}`);
    return { ...own, name: `${base}-${name}`, base };
  });

/** Well-behaved proxies, written otherwise. */
export const production: readonly Variant[] = [
  ...on(ALL, 'as-it-is', 'A base itself.', {}),
  ...on(
    ['desk'],
    'paths-below',
    'All paths are below a version.',
    paths((path) => `/api/v2${path}`),
  ),
  ...on(
    ['intake'],
    'other-paths',
    'Paths are of anyone’s choosing.',
    renamed(/\/v1\/clicks/g, '/Collector.svc/e'),
  ),
  ...on(
    ['hardened'],
    'other-parameter',
    'Parameters are called otherwise.',
    renamed(/stream-name/g, 'streamId'),
  ),
  ...on(
    ['intake'],
    'other-members',
    'Members of the body are called otherwise.',
    renamed(/\bmessage\b/g, 'text_of_it'),
  ),
  ...on(
    ['desk'],
    'other-members',
    'Members of the body are called otherwise.',
    renamed(/\bpayload\b/g, 'Blob'),
  ),
  ...on(
    ['desk'],
    'stream-in-a-header',
    'The stream is named in a header.',
    combine(
      renamed(/\{"name":"stream","in":"query"/g, '{"name":"X-Stream","in":"header"'),
      request(
        [...PUTS, 'DescribeStream', 'DeleteStream', 'GetShardIterator'],
        QUERY,
        "$input.params().header.get('X-Stream')",
      ),
    ),
  ),
  ...on(
    ['desk'],
    'parameters-looked-up',
    'A parameter is looked up wherever it is.',
    request(['PutRecord', 'PutRecords', 'DescribeStream'], QUERY, "$input.params('stream')"),
  ),
  ...on(
    ['desk'],
    'text-instead-of-base64',
    'Data is text, which the template encodes.',
    combine(
      requests(PUTS, (text) =>
        text
          .replace(/"Data": ".*path\('\$\.payload'\).*"/, `"Data": "$util.base64Encode(${VALUES.desk.data})"`)
          .replace(/"Data": ".*message\.payload.*"/, '"Data": "$util.base64Encode($message.payload)"'),
      ),
      renamed(/,"pattern":"[^"]*"/g, ''),
    ),
  ),
  ...on(
    ['intake'],
    'whole-body-stored',
    'All of the body is stored, as it came.',
    request('PutRecord', VALUES.intake.data, '$input.body'),
  ),
  ...on(
    ['intake'],
    'json-stored',
    'The text is stored as JSON.',
    request('PutRecord', VALUES.intake.data, "$input.json('$.message')"),
  ),
  ...on(
    ['intake'],
    'key-of-the-clients',
    'The key is in the query.',
    combine(
      request('PutRecord', '$context.requestId', escaped("$input.params('user')")),
      calls('PutRecord', ({ operation }) => {
        operation.parameters = [{ name: 'user', in: 'query', schema: { type: 'string' } }];
      }),
    ),
  ),
  ...on(
    ['desk'],
    'key-of-the-gateway',
    'The gateway gives the key.',
    request('PutRecord', escaped(VALUES.desk.key), '$context.requestId'),
  ),
  ...on(
    ['desk'],
    'members-in-another-order',
    'The members of a JSON object have no order.',
    request('GetShardIterator', '"StreamName"', '"ShardIteratorType": "TRIM_HORIZON", "StreamName"'),
  ),
  ...on(
    ['hardened', 'intake'],
    'templates-spaced-out',
    'White space outside of texts means nothing.',
    requests('*', (text) => `\n  ${text}\n\n`),
  ),
  ...on(
    ['intake'],
    'success-is-201',
    'What is stored is a 201.',
    combine(
      renamed(/"200":/g, '"201":'),
      responses('*', ({ default: own }) => {
        if (own) own.statusCode = '201';
      }),
    ),
  ),
  ...on(
    ['intake'],
    'other-error-members',
    'Errors have other members.',
    answer('*', REFUSED, '"code"', '"errorType"'),
  ),
  ...on(
    ['desk'],
    'positions-from-one',
    'What has to be sent again is counted from one.',
    answer('PutRecords', 'default', '$between$foreach.index', '$between$foreach.count'),
  ),
  ...on(
    ['desk'],
    'iterators-at-the-newest',
    'Only what comes in after an iterator was taken is read.',
    request('GetShardIterator', 'TRIM_HORIZON', 'LATEST'),
  ),
  ...on(['intake'], 'failures-are-503', 'A failure is a 503.', FAILURES_OTHERWISE.failuresAre('503')),
  ...on(['desk'], 'timeouts-are-503', 'What was given up is a 503.', FAILURES_OTHERWISE.timeoutsAre('503')),
  ...on(['intake'], 'more-headers', 'Answers have a header more.', header('X-Served-By')),
  ...on(
    ['desk'],
    'timeouts-said',
    'The time-out is written down.',
    calls('*', ({ integration }) => {
      integration.timeoutInMillis = 29_000;
    }),
  ),
  ...on(
    ['desk'],
    'passthrough-where-no-template-is',
    'WHEN_NO_TEMPLATES refuses as NEVER does, where there is a template.',
    calls('*', ({ integration }) => {
      integration.passthroughBehavior = 'when_no_templates';
    }),
  ),
  ...on(['desk'], 'as-openapi', 'The API alone, without a template of CloudFormation.', asOpenapi),
  ...on(['desk'], 'any-origin', 'Pages of every origin may call.', renamed(/https:\/\/desk\.example/g, '*')),
  ...on(
    ['desk'],
    'without-browsers',
    'No page calls, and no preflight is answered.',
    api((body) => {
      for (const item of Object.values(body.paths)) delete item.options;
    }),
  ),
  ...on(
    ['desk'],
    'keys-of-callers',
    'Callers have keys.',
    combine(
      renamed(/\{"sigv4":\[\]\}/g, '{"api_key":[]}'),
      api(({ components }) => {
        components.securitySchemes = { api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' } };
      }),
    ),
  ),
  ...on(
    ['intake'],
    'role-that-logs',
    'The role pushes logs too.',
    permissions(
      (all) =>
        void all.push({
          Effect: 'Allow',
          Action: ['logs:CreateLogGroup', 'logs:PutLogEvents'],
          Resource: '*',
        }),
    ),
  ),
  ...on(
    ['intake'],
    'described',
    'Operations have names and summaries.',
    calls('*', ({ operation, action }) => {
      Object.assign(operation, { summary: `Has Kinesis do ${action}`, operationId: action });
    }),
  ),
  ...on(
    ['intake'],
    'comments',
    'A comment is not rendered.',
    requests('*', (text) => `#* for ${JSON_TYPE} *#${text}`),
  ),
  ...also(
    'desk',
    answers,
    'further-response-members',
    'answers-in-another-order',
    'headers-in-another-order-and-case',
    'longer-iterators',
    'one-record-a-reading',
    'empty-reading-between',
  ),
  ...also('intake', accounts, 'another-region', 'another-stage'),
];
