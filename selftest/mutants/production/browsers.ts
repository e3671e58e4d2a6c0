import { type Change, combine, type Mutant } from '../../changes/change.ts';
import { answers, api, FAILED, GATEWAY_RESPONSES, type Picked, REFUSED, stack } from '../../changes/stack.ts';
import { OPEN, on } from './row.ts';

const ORIGIN = 'method.response.header.Access-Control-Allow-Origin';
const withoutOrigin = (...which: string[]) => withoutOriginOf('*', ...which);
const withoutOriginOf = (picked: Picked, ...which: string[]) =>
  answers(picked, (responses) => {
    for (const name of which) delete responses[name]?.responseParameters?.[ORIGIN];
  });
/** Demands credentials of each preflight. */
const guarded = (scheme: object) =>
  api((body) => {
    body.components.securitySchemes = { ...body.components.securitySchemes, guard: scheme };
    for (const { options } of Object.values(body.paths))
      if (options !== undefined) options.security = [{ guard: [] }];
  });
/** Edits what preflights allow. */
const preflights = (part: RegExp, replacement: string) =>
  api((body) => {
    for (const item of Object.values(body.paths))
      if (item.options !== undefined)
        item.options = JSON.parse(
          JSON.stringify(item.options).replaceAll(new RegExp(part, 'g'), replacement),
        );
  });
/** Callers of the base `desk` use API keys instead of signatures. */
export const keysOfCallers: Change = stack(({ Resources: { Api } }) => {
  const text = JSON.stringify(Api.Properties.Body)
    .replaceAll('{"sigv4":[]}', '{"api_key":[]}')
    .replaceAll('Authorization,Content-Type,X-Amz-Date', 'Content-Type,X-Api-Key');
  const body = JSON.parse(text) as typeof Api.Properties.Body;
  body.components.securitySchemes = { api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' } };
  Api.Properties.Body = body;
});

/** What browsers cannot call, or cannot read. */
export const browsers: readonly Mutant[] = [
  ...on(
    OPEN,
    'answers-without-origin',
    'SAFE-15',
    'Successful answers have no CORS header.',
    withoutOrigin('default'),
  ),
  ...on(
    OPEN,
    'refusals-without-origin',
    'SAFE-15',
    'Errors from Kinesis have no CORS header.',
    withoutOrigin(REFUSED, FAILED),
  ),
  ...on(
    OPEN,
    'failures-without-origin',
    'SAFE-15',
    'Failures of Kinesis have no CORS header.',
    withoutOrigin(FAILED),
  ),
  ...on(
    ['hardened'],
    'failures-of-puts-without-origin',
    'SAFE-15',
    'Failures of Kinesis have no CORS header where a record is put.',
    withoutOriginOf('PutRecord', FAILED),
  ),
  ...on(
    OPEN,
    'preflights-guarded',
    'SAFE-15',
    'A preflight requires an API key, which no browser sends with it.',
    guarded({ type: 'apiKey', name: 'x-api-key', in: 'header' }),
  ),
  ...on(
    OPEN,
    'preflights-signed',
    'SAFE-15',
    'A preflight requires a signature, which no browser makes for it.',
    guarded({
      type: 'apiKey',
      name: 'Authorization',
      in: 'header',
      'x-amazon-apigateway-authtype': 'awsSigv4',
    }),
  ),
  ...on(
    OPEN,
    'preflights-without-json',
    'SAFE-15',
    'The preflight allows no Content-Type, so a page cannot send JSON.',
    preflights(/\bContent-Type,/, ''),
  ),
  ...on(
    OPEN,
    'preflights-without-delete',
    'SAFE-15',
    'The preflight does not allow the method DELETE.',
    preflights(/,DELETE\b/, ''),
  ),
  ...on(
    OPEN,
    'gateway-without-origin',
    'SAFE-15',
    'Errors from the gateway have no CORS header.',
    api((body) => {
      for (const response of Object.values(
        body[GATEWAY_RESPONSES] as Record<string, Record<string, unknown>>,
      ))
        delete response.responseParameters;
    }),
  ),
  ...(
    [
      ['hardened', 'BAD_REQUEST_BODY', 'a body that the model refuses'],
      ['hardened', 'INTEGRATION_TIMEOUT', 'a call on which the gateway gave up'],
      ['hardened', 'MISSING_AUTHENTICATION_TOKEN', 'an unsigned call'],
      ['desk', 'DEFAULT_5XX', 'a failure of the gateway'],
    ] as const
  ).flatMap(([base, type, what]) =>
    on(
      [base],
      `${type.toLowerCase().replaceAll('_', '-')}-without-origin`,
      'SAFE-15',
      `The answer to ${what} has no CORS header.`,
      api((body) => {
        (body[GATEWAY_RESPONSES] as Record<string, object>)[type] = {};
      }),
    ),
  ),
  ...on(
    ['desk'],
    'invalid-api-key-without-origin',
    'SAFE-15',
    'The answer to a wrong API key has no CORS header.',
    combine(
      keysOfCallers,
      api((body) => {
        (body[GATEWAY_RESPONSES] as Record<string, object>).INVALID_API_KEY = {};
      }),
    ),
  ),
  ...on(
    OPEN,
    'another-origin',
    'SAFE-15',
    'The CORS header names the origin of a test page.',
    answers('*', (responses) => {
      for (const { responseParameters } of Object.values(responses))
        if (responseParameters) responseParameters[ORIGIN] = "'http://localhost:3000'";
    }),
  ),
];
