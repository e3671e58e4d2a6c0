import { readFileSync } from 'node:fs';
import { readYaml } from '../../infra/yaml.ts';
import type { Change } from './change.ts';
import { type Document, type Integration, JSON_TYPE, type Operation } from './definition.ts';

/** The well-behaved proxies that level production is tested on: the hardened definition and two other shapes. */
export const BASES = ['hardened', 'intake', 'desk'] as const;
export type Base = (typeof BASES)[number];

/** The member of a definition for the answers of the gateway itself. */
export const GATEWAY_RESPONSES = 'x-amazon-apigateway-gateway-responses';

/** The parts of a CloudFormation template that changes edit. */
export interface Stack {
  Resources: {
    Role: { Type: string; Properties: RoleProperties };
    Api: { Type: string; Properties: { Body: Document } };
    [other: string]: unknown;
  };
}

interface RoleProperties {
  AssumeRolePolicyDocument: { Version: string; Statement: Statement[] };
  Policies: { PolicyName: string; PolicyDocument: { Version: string; Statement: Statement[] } }[];
}

export interface Statement {
  Effect: string;
  Principal?: Record<string, unknown>;
  Action: string | string[];
  Resource?: unknown;
}

const WRITING = ['CreateStream', 'DeleteStream', 'PutRecord', 'PutRecords'];
const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/** A copy of a base in which no two parts share an object. */
export function stackOf(base: Base): Stack {
  if (base !== 'hardened') return read(`../production/${base}.yaml`) as Stack;
  const Body = read('../../infra/proxy/hardened.yaml') as Document;
  const policy = read('../../infra/proxy/policies/stream-prefix.json') as { Statement: Statement[] };
  const trust = read('../../infra/proxy/policies/trust.json') as RoleProperties['AssumeRolePolicyDocument'];
  for (const statement of policy.Statement)
    if (statement.Resource !== '*')
      statement.Resource = {
        'Fn::Sub': 'arn:${AWS::Partition}:kinesis:${AWS::Region}:${AWS::AccountId}:stream/${AWS::StackName}*',
      };
  const stack: Stack = {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: trust,
          Policies: [
            {
              PolicyName: 'streams',
              PolicyDocument: { Version: '2012-10-17', Statement: policy.Statement },
            },
          ],
        },
      },
      Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Body } },
    },
  };
  for (const { integration } of callsOf(stack))
    Object.assign(integration, { credentials: { 'Fn::GetAtt': ['Role', 'Arn'] } });
  return stack;
}

function read(file: string): unknown {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  return JSON.parse(JSON.stringify(readYaml(text)));
}

/** A method that calls Kinesis. */
export interface StackCall {
  readonly action: string;
  readonly path: string;
  readonly verb: string;
  readonly operation: Operation;
  readonly integration: Integration;
}

/** The calls that a change affects: one action, several, those that write, those with a body, or all. */
export type Picked = string | readonly string[];

/** The picked methods of a stack that call Kinesis. @throws when there are none. */
export function callsOf(stack: Stack, picked: Picked = '*'): StackCall[] {
  const calls = Object.entries(stack.Resources.Api.Properties.Body.paths).flatMap(([path, item]) =>
    METHODS.flatMap((verb): StackCall[] => {
      const operation = item[verb];
      const integration = operation?.['x-amazon-apigateway-integration'];
      const action = /kinesis:action\/(\w+)$/.exec(integration?.uri ?? '')?.[1];
      return operation && integration && action ? [{ action, path, verb, operation, integration }] : [];
    }),
  );
  const wanted = picked === 'writing' ? WRITING : [picked].flat();
  const found = calls.filter(({ action }) => picked === '*' || wanted.includes(action));
  if (found.length === 0) throw new Error(`the stack has no call of ${picked}`);
  return found;
}

/** Edits a copy of a base; the trial runs on each base that its row names. */
export function stack(edit: (copy: Stack) => void): Change {
  return {
    stack(original) {
      const copy = structuredClone(original);
      edit(copy);
      return copy;
    },
  };
}

/** Edits the API's document. */
export function api(edit: (body: Document) => void): Change {
  return stack((copy) => edit(copy.Resources.Api.Properties.Body));
}

export function calls(picked: Picked, edit: (call: StackCall) => void): Change {
  return stack((copy) => {
    for (const call of callsOf(copy, picked)) edit(call);
  });
}

/** Edits the mapping templates of requests. */
export function requests(picked: Picked, edit: (text: string) => string): Change {
  return calls(picked, ({ integration, action }) => {
    const templates = (integration.requestTemplates ?? {}) as Record<string, Text>;
    const before = templates[JSON_TYPE] ?? '';
    templates[JSON_TYPE] = edited(before, edit, `the request of ${action}`);
  });
}

/** Replaces each occurrence of a part of the requests' templates. @throws when one lacks it. */
export function request(picked: Picked, part: string, replacement: string): Change {
  return requests(picked, replaced(part, replacement));
}

/** Edits the responses of the integrations: of errors of the client (`4\d{2}`) and of Kinesis, and `default`. */
export function answers(picked: Picked, edit: (responses: Integration['responses']) => void): Change {
  return calls(picked, ({ integration }) => edit(integration.responses));
}

export const REFUSED = '4\\d{2}';
export const FAILED = '5\\d{2}';

/** Replaces a part of a response's template. @throws when one lacks it. */
export function answer(picked: Picked, which: string, part: string | RegExp, replacement: string): Change {
  return answers(picked, (responses) => {
    const templates = responses[which]?.responseTemplates ?? {};
    templates[JSON_TYPE] = edited(
      templates[JSON_TYPE] ?? '',
      replaced(part, replacement),
      `the response ${which}`,
    ) as string;
  });
}

/** Edits the statements of the role's policy. */
export function permissions(edit: (statements: Statement[]) => void): Change {
  return stack(({ Resources: { Role } }) => {
    for (const { PolicyDocument } of Role.Properties.Policies) edit(PolicyDocument.Statement);
  });
}

/** Text, or text in which CloudFormation substitutes names. */
type Text = string | { 'Fn::Sub': string };

function edited(text: Text, edit: (text: string) => string, what: string): Text {
  const before = typeof text === 'string' ? text : text['Fn::Sub'];
  const after = edit(before);
  if (after === before) throw new Error(`${what} stays as it was`);
  return typeof text === 'string' ? after : { 'Fn::Sub': after };
}

function replaced(part: string | RegExp, replacement: string) {
  return (text: string) =>
    typeof part === 'string'
      ? text.replaceAll(part, () => replacement)
      : text.replace(part, () => replacement);
}
