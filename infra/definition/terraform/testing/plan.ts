/** For tests: plans in the form of `terraform show -json`, from a short description of each resource. */
import type { Json, JsonObject, ReadContext } from '../../types.ts';

export interface Described {
  /** `aws_kinesis_stream.clicks`, or `data.aws_region.current`. */
  readonly address: string;
  /** A key of `for_each`, or a number of `count`. */
  readonly index?: string | number;
  readonly values?: JsonObject;
  readonly sensitive?: JsonObject;
  /** Maps an attribute known only after apply to its references; none if the provider computes it. */
  readonly unknown?: Readonly<Record<string, readonly string[]>>;
  readonly forEach?: readonly string[];
  /** The literal of for_each, in place of references. */
  readonly forEachOf?: JsonObject;
  readonly count?: readonly string[];
}

export const context: ReadContext = {
  file: 'plan.json',
  region: 'eu-west-1',
  partition: 'aws',
  accountId: '123456789012',
  stackName: 'judged',
  parameters: new Map(),
  api: undefined,
};

export function planOf(described: readonly Described[]): JsonObject {
  const blocks = new Map(described.map((each) => [each.address, each]));
  return {
    format_version: '1.2',
    terraform_version: '1.11.4',
    planned_values: { root_module: { resources: described.map(planned) } },
    resource_changes: described.map((each) => ({
      ...place(each),
      change: {
        actions: ['create'],
        after_unknown: Object.fromEntries(Object.keys(each.unknown ?? {}).map((name) => [name, true])),
      },
    })),
    configuration: { root_module: { resources: [...blocks.values()].map(block) } },
  };
}

export function stateOf(described: readonly Described[]): JsonObject {
  return { format_version: '1.0', values: { root_module: { resources: described.map(planned) } } };
}

const place = ({ address, index }: Described) => {
  const parts = address.split('.');
  const mode = parts[0] === 'data' ? parts.shift() : 'managed';
  const [type = '', name = ''] = parts;
  return {
    address: index === undefined ? address : `${address}[${JSON.stringify(index)}]`,
    mode: mode ?? '',
    type,
    name,
    ...(index !== undefined && { index }),
  };
};

function planned(each: Described): JsonObject {
  return { ...place(each), values: each.values ?? {}, sensitive_values: each.sensitive ?? {} };
}

function block(each: Described): JsonObject {
  const constant = Object.entries(each.values ?? {}).map(([name, value]): [string, Json] => [
    name,
    { constant_value: value },
  ]);
  const references = Object.entries(each.unknown ?? {}).flatMap(([name, list]): [string, Json][] =>
    list.length === 0 ? [] : [[name, { references: [...list] }]],
  );
  const { index: _, ...block } = place({ ...each, index: undefined } as Described) as JsonObject;
  return {
    ...block,
    expressions: Object.fromEntries([...constant, ...references]),
    ...(each.count && { count_expression: { references: [...each.count] } }),
    ...(each.forEachOf && { for_each_expression: { constant_value: each.forEachOf } }),
    ...(each.forEach && { for_each_expression: { references: [...each.forEach] } }),
  };
}

const API = 'aws_api_gateway_rest_api.api';

/** An API with one method, PUT /events, that puts a record into the stream `clicks`. */
export function oneMethod(changes: Readonly<Record<string, Partial<Described>>> = {}): Described[] {
  const ids = { rest_api_id: [`${API}.id`, API] };
  const at = {
    ...ids,
    resource_id: ['aws_api_gateway_resource.events.id', 'aws_api_gateway_resource.events'],
  };
  const all: Described[] = [
    { address: API, values: { name: 'clicks' }, unknown: { id: [], root_resource_id: [] } },
    {
      address: 'aws_api_gateway_resource.events',
      values: { path_part: 'events' },
      unknown: { id: [], ...ids, parent_id: [`${API}.root_resource_id`, API] },
    },
    {
      address: 'aws_api_gateway_method.put',
      values: { http_method: 'PUT', authorization: 'NONE' },
      unknown: at,
    },
    {
      address: 'aws_api_gateway_integration.put',
      values: {
        http_method: 'PUT',
        type: 'AWS',
        integration_http_method: 'POST',
        uri: 'arn:aws:apigateway:us-east-1:kinesis:action/PutRecord',
        request_templates: { 'application/json': '{"StreamName": "clicks"}' },
      },
      unknown: { ...at, credentials: ['aws_iam_role.gateway.arn', 'aws_iam_role.gateway'] },
    },
    {
      address: 'aws_iam_role.gateway',
      values: {
        name: 'gateway',
        assume_role_policy: '{"Version": "2012-10-17", "Statement": []}',
      },
      unknown: { arn: [], id: [] },
    },
  ];
  return all.map((each) => ({ ...each, ...changes[each.address] }));
}
