import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Assumption, JsonObject } from '../types.ts';
import { openFile } from './document.ts';
import type { Path } from './expressions.ts';
import { References } from './references.ts';
import { context, type Described, planOf } from './testing/plan.ts';

const RESOURCE = { aws_api_gateway_resource: ['id'] } as const;

/** Follows an attribute of the last described resource. */
function follow(
  described: readonly Described[],
  path: Path = ['resource_id'],
  { assumed = [] as Assumption[], variables = {} as JsonObject } = {},
): string {
  const file = openFile({ ...planOf(described), variables }, context);
  const { type = '' } = { type: described.at(-1)?.address.split('.')[0] };
  const instance = file.byType.get(type)?.at(-1);
  assert.ok(instance);
  const link = new References(file, assumed).link(instance, path, RESOURCE);
  if (link.kind === 'origin') return link.origin.instance.address;
  return link.kind === 'unclear' ? link.cause : link.kind;
}

const resources: Described[] = ['a', 'b'].map((index) => ({
  address: 'aws_api_gateway_resource.r',
  index,
  unknown: { id: [] },
}));

const at = (address: string, resource_id: readonly string[], forEach?: readonly string[]): Described[] =>
  ['a', 'b'].map((index) => ({
    address,
    index,
    unknown: { resource_id },
    ...(forEach && { forEach }),
  }));

test('an index that Terraform leaves out is that of the referring resource', () => {
  // Terraform writes aws_api_gateway_resource.r[each.key].id like this.
  const methods = at('aws_api_gateway_method.m', ['aws_api_gateway_resource.r', 'each.key']);
  assert.equal(follow([...resources, ...methods]), 'aws_api_gateway_resource.r["b"]');
});

test('chained for_each is followed through all resources', () => {
  const methods = at('aws_api_gateway_method.m', ['aws_api_gateway_resource.r', 'each.key']);
  const each = ['each.value.resource_id', 'each.value'];
  const responses = at('aws_api_gateway_method_response.p', each, ['aws_api_gateway_method.m']);
  const last = at('aws_api_gateway_integration_response.q', each, ['aws_api_gateway_method_response.p']);
  assert.equal(follow([...resources, ...methods, ...responses, ...last]), 'aws_api_gateway_resource.r["b"]');
});

test('an explicit index is used', () => {
  const methods = at('aws_api_gateway_method.m', [
    'aws_api_gateway_resource.r["a"].id',
    'aws_api_gateway_resource.r["a"]',
    'aws_api_gateway_resource.r',
  ]);
  assert.equal(follow([...resources, ...methods]), 'aws_api_gateway_resource.r["a"]');
});

test('one of several candidates is not guessed', () => {
  const method: Described = {
    address: 'aws_api_gateway_method.m',
    unknown: { resource_id: ['aws_api_gateway_resource.r', 'local.which'] },
  };
  assert.equal(
    follow([...resources, method]),
    'it is known only after apply and may be aws_api_gateway_resource.r["a"].id or aws_api_gateway_resource.r["b"].id',
  );
});

/** Responses that refer to aws_api_gateway_resource.r[each.value.of], with these keys. */
function responses(keys: readonly string[], more: Partial<Described> = {}): Described[] {
  const resource_id = ['aws_api_gateway_resource.r', 'each.value.of', 'each.value'];
  const address = 'aws_api_gateway_method_response.p';
  return keys.map((index) => ({
    address,
    index,
    unknown: { resource_id },
    forEach: ['local.all'],
    ...more,
  }));
}

const EITHER =
  'it is known only after apply and may be aws_api_gateway_resource.r["a"].id or aws_api_gateway_resource.r["b"].id';

test('of a key that each.value gives, the one that is a part of every own key is assumed', () => {
  const assumed: Assumption[] = [];
  const all = [...resources, ...responses(['a-200', 'a-400', 'b-200'])];
  assert.equal(follow(all, ['resource_id'], { assumed }), 'aws_api_gateway_resource.r["b"]');
  assert.deepEqual(assumed, [
    {
      place: 'aws_api_gateway_method_response.p.resource_id',
      reading: 'read as that of the aws_api_gateway_resource.r whose key is a part of its own',
    },
  ]);
});

test('a key is not guessed if its own has two parts, or another instance has none, or a local may be it', () => {
  for (const keys of [['a-b'], ['200', 'b-200'], ['ab']])
    assert.equal(follow([...resources, ...responses(keys)]), EITHER, keys.join());
  const resource_id = ['aws_api_gateway_resource.r', 'each.value.of', 'local.which'];
  assert.equal(follow([...resources, ...responses(['b-200'], { unknown: { resource_id } })]), EITHER);
});

test('a key that each.value gives is read from a literal or a variable, and is not assumed', () => {
  const value = { 'a-1': { of: 'b' }, 'a-2': { of: 'b' } };
  const keys = Object.keys(value);
  const assumed: Assumption[] = [];
  const of = (more: Partial<Described>, variables: JsonObject = {}) =>
    follow([...resources, ...responses(keys, more)], ['resource_id'], { assumed, variables });
  const literal = { forEach: undefined, forEachOf: value } as unknown as Partial<Described>;
  assert.equal(of(literal), 'aws_api_gateway_resource.r["b"]');
  const variable = { forEach: ['var.all'] };
  assert.equal(of(variable, { all: { value } }), 'aws_api_gateway_resource.r["b"]');
  assert.deepEqual(assumed, []);
  // A `for` expression over the variable may make other values of it.
  assert.equal(
    of(variable, { all: { value: { ...value, c: { of: 'b' } } } }),
    'aws_api_gateway_resource.r["a"]',
  );
  assert.equal(assumed.length, 1);
});

test('each.key is the key where an expression has both', () => {
  const [one = { address: '' }] = responses(['a'], {
    unknown: { resource_id: ['aws_api_gateway_resource.r', 'each.key', 'each.value.of', 'each.value'] },
  });
  const { forEach: _, ...rest } = one;
  assert.equal(
    follow([...resources, { ...rest, forEachOf: { a: { of: 'b' } } }]),
    'aws_api_gateway_resource.r["a"]',
  );
});

test('circular references end', () => {
  const circle: Described[] = [
    {
      address: 'aws_api_gateway_integration.i',
      unknown: { resource_id: ['aws_api_gateway_method.m.resource_id'] },
    },
    {
      address: 'aws_api_gateway_method.m',
      unknown: { resource_id: ['aws_api_gateway_integration.i.resource_id'] },
    },
  ];
  assert.equal(follow(circle), 'it is known only after apply, and the plan does not show its references');
});

test('module inputs and outputs are followed, each module by its own key', () => {
  const inner = (key: string): JsonObject => ({
    address: `module.api["${key}"]`,
    resources: [
      {
        address: `module.api["${key}"].aws_api_gateway_resource.r`,
        mode: 'managed',
        type: 'aws_api_gateway_resource',
        name: 'r',
        values: {},
      },
    ],
  });
  const method = { mode: 'managed', type: 'aws_api_gateway_method', name: 'm' };
  const document: JsonObject = {
    format_version: '1.2',
    planned_values: {
      root_module: {
        child_modules: [
          inner('a'),
          inner('b'),
          {
            address: 'module.calls',
            resources: [{ ...method, address: 'module.calls.aws_api_gateway_method.m', values: {} }],
          },
        ],
      },
    },
    resource_changes: [
      { address: 'module.calls.aws_api_gateway_method.m', change: { after_unknown: { resource_id: true } } },
      ...['a', 'b'].map((key) => ({
        address: `module.api["${key}"].aws_api_gateway_resource.r`,
        change: { after_unknown: { id: true } },
      })),
    ],
    configuration: {
      root_module: {
        module_calls: {
          api: {
            module: {
              outputs: {
                id: {
                  expression: { references: ['aws_api_gateway_resource.r.id', 'aws_api_gateway_resource.r'] },
                },
              },
              resources: [{ address: 'aws_api_gateway_resource.r' }],
            },
          },
          calls: {
            expressions: { target: { references: ['module.api["b"].id', 'module.api["b"]', 'module.api'] } },
            module: {
              resources: [
                {
                  ...method,
                  address: 'aws_api_gateway_method.m',
                  expressions: { resource_id: { references: ['var.target'] } },
                },
              ],
            },
          },
        },
      },
    },
  };
  const file = openFile(document, context);
  const instance = file.byType.get('aws_api_gateway_method')?.[0];
  assert.ok(instance);
  const link = new References(file).link(instance, ['resource_id'], RESOURCE);
  assert.equal(
    link.kind === 'origin' && link.origin.instance.address,
    'module.api["b"].aws_api_gateway_resource.r',
  );
});
