import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathParametersOf, route } from './routing.ts';
import { methodOf, resourceOf } from './test-api.ts';

const GET = { GET: methodOf() };
const RESOURCES = [
  resourceOf('/'),
  resourceOf('/{proxy+}', { ANY: methodOf() }),
  resourceOf('/streams', GET),
  resourceOf('/streams/{stream-name}', { GET: methodOf(), DELETE: methodOf() }),
  resourceOf('/streams/{stream-name}/records', GET),
  resourceOf('/streams/special'),
  resourceOf('/streams/special/only', GET),
  resourceOf('/files/{rest+}', GET),
];
const TUTORIAL = RESOURCES.filter(({ path }) => !path.includes('+'));

const ROWS: readonly (readonly [
  verb: string,
  path: string,
  resource: string | undefined,
  values?: object,
])[] = [
  ['GET', '/streams', '/streams'],
  ['GET', '/streams/', '/streams'],
  ['GET', '/streams/s', '/streams/{stream-name}', { 'stream-name': 's' }],
  ['GET', '/streams/a%20b%21', '/streams/{stream-name}', { 'stream-name': 'a b!' }],
  ['GET', '/streams/a%2Fb', '/streams/{stream-name}', { 'stream-name': 'a/b' }],
  ['GET', '/streams/a%252Fb', '/streams/{stream-name}', { 'stream-name': 'a%2Fb' }],
  ['GET', '/streams/100%', '/streams/{stream-name}', { 'stream-name': '100%' }],
  ['GET', '/streams/special/only', '/streams/special/only'],
  ['GET', '/streams/special/records', '/streams/{stream-name}/records', { 'stream-name': 'special' }],
  ['GET', '/stre%61ms', '/streams'],
  ['GET', '/Streams', undefined],
  ['GET', '/', undefined],
  ['GET', '/streams//records', undefined],
  ['GET', '/streams/s/records/more', undefined],
  ['HEAD', '/streams', undefined],
  ['PATCH', '/streams', undefined],
  ['constructor', '/streams', undefined],
];

for (const [verb, path, resource, values = {}] of ROWS) {
  test(`${verb} ${path} -> ${resource ?? 'nothing'}`, () => {
    const found = route(TUTORIAL, verb, path);
    assert.equal(found?.resource.path, resource);
    if (found) assert.deepEqual(Object.fromEntries(found.pathParameters), values);
  });
}

const GREEDY: readonly (readonly [
  verb: string,
  path: string,
  resource: string | undefined,
  values: object,
])[] = [
  ['GET', '/streams', '/streams', {}],
  ['GET', '/other/a%20b', '/{proxy+}', { proxy: 'other/a b' }],
  ['GET', '/files/a/b', '/files/{rest+}', { rest: 'a/b' }],
  ['POST', '/files/a/b', '/{proxy+}', { proxy: 'files/a/b' }],
  ['PUT', '/streams/s', '/{proxy+}', { proxy: 'streams/s' }],
  ['GET', '/', undefined, {}],
];

for (const [verb, path, resource, values] of GREEDY) {
  test(`with {proxy+}: ${verb} ${path} -> ${resource ?? 'nothing'}`, () => {
    const found = route(RESOURCES, verb, path);
    assert.equal(found?.resource.path, resource);
    assert.deepEqual(Object.fromEntries(found?.pathParameters ?? []), values);
  });
}

test('a path that does not match the resource yields no parameters', () => {
  const resource = resourceOf('/streams/{stream-name}');
  assert.deepEqual([...pathParametersOf(resource, '/streams/x')], [['stream-name', 'x']]);
  assert.deepEqual([...pathParametersOf(resource, '/elsewhere')], []);
});
