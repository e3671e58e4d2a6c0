import type { IntegrationResponse } from '../../changes/definition.ts';
import {
  callsOf,
  GATEWAY_RESPONSES,
  type Stack,
  type StackCall,
  type Statement,
} from '../../changes/stack.ts';
import { type Defect, onOne, type ProxyWithDefect } from './defect.ts';
import { type CallShape, hasBody, isPut, needsModel, type ProxyShape, WRITING } from './proxy.ts';
import { ORIGIN } from './responses.ts';

const HEADER = `method.response.header.${ORIGIN}`;

/** Edits the matching methods of a template, or one of them. */
const inStack =
  (isFit: (call: CallShape, proxy: ProxyShape) => boolean, edit: (call: StackCall, stack: Stack) => void) =>
  (proxy: ProxyShape, pick: number): ProxyWithDefect | undefined => {
    const fit = proxy.calls.flatMap((call, index) => (isFit(call, proxy) ? [index] : []));
    const index = fit[pick % fit.length];
    if (index === undefined) return undefined;
    const { word } = proxy.calls[index] as CallShape;
    return {
      stack: (copy) => {
        const call = callsOf(copy).find(({ path }) => path.split('/').includes(word));
        if (call === undefined) throw new Error(`the stack has no ${word}`);
        edit(call, copy);
      },
    };
  };
const api = (isFit: (proxy: ProxyShape) => boolean, edit: (stack: Stack) => void) => (proxy: ProxyShape) =>
  isFit(proxy) ? { stack: edit } : undefined;
const roles = (isFit: (proxy: ProxyShape) => boolean, edit: (statements: Statement[]) => void) =>
  api(isFit, ({ Resources }) => {
    for (const { PolicyDocument } of firstRole(Resources).Policies) edit(PolicyDocument.Statement);
  });

function firstRole(resources: Stack['Resources']): Stack['Resources']['Role']['Properties'] {
  const role = resources.Role ?? resources.Reader;
  return (role as Stack['Resources']['Role']).Properties;
}

const any = () => true;
const answersBrowsers = ({ origin }: ProxyShape) => origin !== undefined;
const ownResponses = ({ integration }: StackCall, isRefusal: boolean): IntegrationResponse[] => {
  const all = Object.entries(integration.responses);
  const success = all.some(([pattern]) => pattern.startsWith('2')) ? '2\\d{2}' : 'default';
  return all.flatMap(([pattern, response]) => ((pattern === success) === !isRefusal ? [response] : []));
};
const withoutOrigin = (isRefusal: boolean) => (call: StackCall) => {
  for (const response of ownResponses(call, isRefusal)) {
    const { [HEADER]: _, ...rest } = response.responseParameters ?? {};
    response.responseParameters = rest;
  }
};
const isJsonPut = (call: CallShape) => isPut(call) && call.contentType === 'application/json';
/** Whether, without a model, an invalid body would be stored: text that is not JSON, or a body without the data. */
const showsBodies = (call: CallShape) =>
  isJsonPut(call) &&
  call.isValidated &&
  needsModel(call) &&
  (call.record?.data.from === 'raw' || (call.record?.data.at.length ?? 0) > 0);

/** Who may do what, and with which bodies. */
export const ACCESS: readonly Defect[] = [
  {
    name: 'unknown-types-pass',
    why: 'A body without a template is passed to Kinesis unchanged.',
    clauses: ['SAFE-12'],
    follows: [],
    of: (proxy, pick) => onOne(proxy, pick, any, (call) => ({ ...call, passthrough: 'when_no_match' })),
  },
  {
    name: 'unknown-types-pass-by-default',
    why: 'This is the default of the console.',
    clauses: ['SAFE-12'],
    follows: [],
    of: (proxy, pick) => onOne(proxy, pick, any, (call) => ({ ...call, passthrough: undefined })),
  },
  {
    name: 'bodies-unchecked',
    why: 'No validator checks bodies.',
    clauses: ['SAFE-13'],
    // A method that accepts any body accepts an object instead of a text.
    follows: ['SAFE-6'],
    of: (proxy, pick) => onOne(proxy, pick, showsBodies, (call) => ({ ...call, isValidated: false })),
  },
  {
    name: 'nothing-demanded',
    why: 'The model accepts anything.',
    clauses: ['SAFE-13'],
    // A method that accepts any body accepts an object instead of a text.
    follows: ['SAFE-6'],
    of: (proxy, pick) =>
      onOne(
        proxy,
        pick,
        (call) => showsBodies(call) && call.record?.data.from === 'value',
        (call) => ({ ...call, demandsNothing: true }),
      ),
  },
  {
    name: 'bad-bodies-are-500',
    why: 'A client’s mistake is reported as a server error.',
    clauses: ['SAFE-13'],
    follows: [],
    of: api(
      ({ calls }) => calls.some((call) => isJsonPut(call) && call.isValidated && hasBody(call)),
      ({ Resources }) => {
        const { Body } = Resources.Api.Properties;
        const before = Body[GATEWAY_RESPONSES] as Record<string, object> | undefined;
        Body[GATEWAY_RESPONSES] = {
          ...before,
          BAD_REQUEST_BODY: { ...before?.DEFAULT_4XX, statusCode: '500' },
        };
      },
    ),
  },
  {
    name: 'one-method-open',
    why: 'One method was overlooked.',
    clauses: ['SAFE-14'],
    follows: [],
    of: inStack(
      ({ action }) => WRITING.includes(action),
      ({ operation }) => {
        delete operation.security;
      },
    ),
  },
  {
    name: 'all-open',
    why: 'Callers are not authenticated.',
    clauses: ['SAFE-14'],
    follows: [],
    of: api(
      ({ calls }) => calls.some(({ action }) => WRITING.includes(action)),
      (stack) => {
        for (const { operation } of callsOf(stack)) delete operation.security;
      },
    ),
  },
  {
    name: 'answers-without-origin',
    why: 'Only the preflight allows the origin.',
    clauses: ['SAFE-15'],
    follows: [],
    of: inStack((_call, proxy) => answersBrowsers(proxy), withoutOrigin(false)),
  },
  {
    name: 'refusals-without-origin',
    why: 'A page cannot read Kinesis’s refusals.',
    clauses: ['SAFE-15'],
    follows: [],
    of: inStack((_call, proxy) => answersBrowsers(proxy), withoutOrigin(true)),
  },
  {
    name: 'failures-without-origin',
    why: 'A page cannot read Kinesis’s failures.',
    clauses: ['SAFE-15'],
    follows: [],
    of: inStack(
      (_call, proxy) => answersBrowsers(proxy) && !proxy.errors.isDefault,
      ({ integration }) => {
        for (const [pattern, response] of Object.entries(integration.responses))
          if (pattern.startsWith('5')) delete response.responseParameters?.[HEADER];
      },
    ),
  },
  {
    name: 'preflights-guarded',
    why: 'A key is required for every method, including preflights.',
    clauses: ['SAFE-15'],
    follows: [],
    of: api(answersBrowsers, ({ Resources }) => {
      for (const { options } of Object.values(Resources.Api.Properties.Body.paths))
        if (options !== undefined) options.security = [{ 'api-key': [] }];
    }),
  },
  {
    name: 'preflights-without-json',
    why: 'The preflight does not allow Content-Type.',
    clauses: ['SAFE-15'],
    follows: [],
    of: api(
      (proxy) => answersBrowsers(proxy) && proxy.calls.some(hasBody),
      ({ Resources }) => {
        const { Body } = Resources.Api.Properties;
        Body.paths = JSON.parse(
          JSON.stringify(Body.paths).replaceAll('Content-Type,X-Amz-Date', 'X-Amz-Date'),
        );
      },
    ),
  },
  {
    name: 'gateway-without-origin',
    why: 'A page cannot read the gateway’s refusals.',
    clauses: ['SAFE-15'],
    follows: [],
    of: api(
      (proxy) => answersBrowsers(proxy) && proxy.calls.some(isPut),
      ({ Resources }) => {
        delete Resources.Api.Properties.Body[GATEWAY_RESPONSES];
      },
    ),
  },
  {
    name: 'another-origin',
    why: 'Answers allow an origin left from a test.',
    clauses: ['SAFE-15'],
    follows: [],
    of: inStack(
      (_call, proxy) => answersBrowsers(proxy),
      (call) => {
        for (const { responseParameters } of ownResponses(call, false))
          if (responseParameters) responseParameters[HEADER] = "'http://localhost:3000'";
      },
    ),
  },
  {
    name: 'role-of-everything',
    why: 'AdministratorAccess, to make it work.',
    clauses: ['SAFE-16'],
    follows: [],
    of: roles(any, (all) => void all.push({ Effect: 'Allow', Action: '*', Resource: '*' })),
  },
  {
    name: 'role-of-all-of-kinesis',
    why: 'kinesis:* on the API’s own streams.',
    clauses: ['SAFE-16'],
    follows: [],
    of: roles(any, (all) => {
      for (const statement of all)
        if (![statement.Action].flat().join().includes('logs')) statement.Action = 'kinesis:*';
    }),
  },
  {
    name: 'role-of-one-more',
    why: 'An action is left from a test.',
    clauses: ['SAFE-16'],
    follows: [],
    of: roles(any, (all) => void all.push({ Effect: 'Allow', Action: 'kinesis:SplitShard', Resource: '*' })),
  },
  {
    name: 'role-for-every-stream',
    why: 'It may write to any stream.',
    clauses: ['SAFE-16'],
    follows: [],
    of: roles(
      ({ calls }) => calls.some(({ action }) => WRITING.includes(action)),
      (all) => {
        for (const statement of all) statement.Resource = '*';
      },
    ),
  },
  {
    name: 'role-for-anyone',
    why: 'Anyone may assume it.',
    clauses: ['SAFE-16'],
    follows: [],
    of: api(any, ({ Resources }) => {
      firstRole(Resources).AssumeRolePolicyDocument.Statement = [
        {
          Effect: 'Allow',
          Principal: { Service: 'apigateway.amazonaws.com', AWS: '*' },
          Action: 'sts:AssumeRole',
        },
      ];
    }),
  },
];
