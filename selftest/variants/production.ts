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
import { keysOfCallers } from '../mutants/production/browsers.ts';
import { FAILURES_OTHERWISE } from '../mutants/production/failures.ts';
import { ALL, escaped, VALUES } from '../mutants/production/row.ts';
import { accounts } from './accounts.ts';
import { answers } from './answers.ts';
import { twice } from './twice.ts';

const PUTS = ['PutRecord', 'PutRecords'];
const QUERY = "$input.params().querystring.get('stream')";

/** One variant for each of the given bases. */
function on(bases: readonly Base[], name: string, why: string, change: Change): Variant[] {
  return bases.map((base) => ({ name: `${base}-${name}`, why, base, change }));
}

/** Replaces a word everywhere in the API. */
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
/** The OpenAPI body alone, without the template; the run supplies the role. */
const asOpenapi: Change = {
  stack(original) {
    const copy = structuredClone(original) as Stack;
    for (const { integration } of callsOf(copy))
      integration.credentials = 'arn:aws:iam::123456789012:role/proxy';
    return copy.Resources.Api.Properties.Body;
  },
};
/** Variants of the tutorial that also fit a base, since they do not depend on the shape of the API. */
const also = (base: Base, from: readonly Variant[], ...names: string[]): Variant[] =>
  names.map((name) => {
    const own = from.find((variant) => variant.name === name);
    if (own === undefined) throw new Error(`there is no variant ${name}`);
    return { ...own, name: `${base}-${name}`, base };
  });

/** Correct proxies, written differently. */
export const production: readonly Variant[] = [
  ...on(ALL, 'as-it-is', 'The API is one of the bases, unchanged.', {}),
  ...on(
    ['desk'],
    'paths-below',
    'All paths begin with a version.',
    paths((path) => `/api/v2${path}`),
  ),
  ...on(
    ['intake'],
    'other-paths',
    'The paths have other names.',
    renamed(/\/v1\/clicks/g, '/Collector.svc/e'),
  ),
  ...on(['hardened'], 'other-parameter', 'Parameters have other names.', renamed(/stream-name/g, 'streamId')),
  ...on(
    ['intake'],
    'other-members',
    'Members of the body have other names.',
    renamed(/\bmessage\b/g, 'text_of_it'),
  ),
  ...on(['desk'], 'other-members', 'Members of the body have other names.', renamed(/\bpayload\b/g, 'Blob')),
  ...on(
    ['desk'],
    'stream-in-a-header',
    'The stream is named in a header.',
    combine(
      combine(
        renamed(/\{"name":"stream","in":"query"/g, '{"name":"X-Stream","in":"header"'),
        // A page may send the header only where the preflight allows it.
        renamed(/Content-Type,X-Amz-Date/g, 'Content-Type,X-Amz-Date,X-Stream'),
      ),
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
    'The template finds a parameter in path, query or header.',
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
    'The whole body is stored, unchanged.',
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
    'The client gives the key in the query string.',
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
    'The gateway’s request id is the key.',
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
    'White space outside of strings means nothing.',
    requests('*', (text) => `\n  ${text}\n\n`),
  ),
  ...on(
    ['intake'],
    'success-is-201',
    'A stored record is answered with 201.',
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
    'The positions of failed records count from one.',
    answer('PutRecords', 'default', '$between$foreach.index', '$between$foreach.count'),
  ),
  ...on(
    ['desk'],
    'iterators-at-the-newest',
    'Iterators are LATEST, so only later records are read.',
    request('GetShardIterator', 'TRIM_HORIZON', 'LATEST'),
  ),
  ...on(
    ['intake'],
    'failures-are-503',
    'A failure of Kinesis is answered with 503.',
    FAILURES_OTHERWISE.failuresAre('503'),
  ),
  ...on(
    ['desk'],
    'timeouts-are-503',
    'A timeout is answered with 503.',
    FAILURES_OTHERWISE.timeoutsAre('503'),
  ),
  ...on(['intake'], 'more-headers', 'Answers have one more header.', header('X-Served-By')),
  ...on(
    ['desk'],
    'timeouts-said',
    'The definition states the default timeout.',
    calls('*', ({ integration }) => {
      integration.timeoutInMillis = 29_000;
    }),
  ),
  ...on(
    ['desk'],
    'passthrough-where-no-template-is',
    'passthroughBehavior is WHEN_NO_TEMPLATES, which behaves like NEVER where there is a template.',
    calls('*', ({ integration }) => {
      integration.passthroughBehavior = 'when_no_templates';
    }),
  ),
  ...on(
    ['desk'],
    'as-openapi',
    'The definition is an OpenAPI file, without a CloudFormation template.',
    asOpenapi,
  ),
  ...on(['desk'], 'any-origin', 'CORS allows every origin.', renamed(/https:\/\/desk\.example/g, '*')),
  ...on(
    ['desk'],
    'without-browsers',
    'The API has no CORS, so no preflight is answered.',
    api((body) => {
      for (const item of Object.values(body.paths)) delete item.options;
    }),
  ),
  ...on(['desk'], 'keys-of-callers', 'Callers use API keys instead of signatures.', keysOfCallers),
  ...on(
    ['intake'],
    'role-that-logs',
    'The role may push logs as well.',
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
    'The templates contain comments, which are not rendered.',
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
  ...twice,
  ...also('intake', accounts, 'another-region', 'another-stage'),
];
