import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPatch, entries, optional, pathParts, readPatch, scalar } from './patch.ts';

test('a path is split at slashes, then its escapes are decoded', () => {
  assert.deepEqual(pathParts('/requestTemplates/application~1json'), [
    'requestTemplates',
    'application/json',
  ]);
  assert.deepEqual(pathParts('/variables/a~01'), ['variables', 'a~1']);
});

test('operations are read with defaults for missing members', () => {
  const read = readPatch({ patchOperations: [{ op: 'remove' }] }, 'updateStageInput');
  assert.deepEqual(read, [{ op: 'remove', path: null, value: undefined }]);
  assert.deepEqual(readPatch({}, 'updateStageInput'), []);
  const wrong = { patchOperations: [{ op: 'x' }, { op: 'add' }, { op: 'y' }] };
  assert.throws(() => readPatch(wrong, 'updateStageInput'), {
    message:
      /^2 validation errors detected: .*patchOperations\.1\.member\.op.*patchOperations\.3\.member\.op/,
  });
});

test('a change copies the map, and an empty map is removed', () => {
  const before = { a: '1' };
  const owner: { map?: Record<string, string> } = { map: before };
  const fields = { map: entries(owner, 'map', 'missing', (value) => value ?? '') };
  applyPatch([{ op: 'add', path: '/map/b', value: '2' }], fields);
  assert.deepEqual(owner.map, { a: '1', b: '2' });
  assert.deepEqual(before, { a: '1' });
  applyPatch(
    [
      { op: 'remove', path: '/map/a', value: undefined },
      { op: 'remove', path: '/map/b', value: undefined },
    ],
    fields,
  );
  assert.ok(!('map' in owner));
  assert.throws(() => applyPatch([{ op: 'replace', path: '/map/a', value: '1' }], fields), {
    message: 'missing',
  });
});

test('a path must match a field, and the field must support the operation', () => {
  let name: string | undefined;
  const fields = {
    name: scalar((value) => {
      name = value;
    }),
    note: optional((value) => {
      name = value;
    }),
  };
  for (const path of [null, '', '/', '/other', '/name/x', '/constructor']) {
    assert.throws(() => applyPatch([{ op: 'replace', path, value: 'x' }], fields), {
      message: `Invalid patch path ${path}`,
    });
  }
  assert.throws(() => applyPatch([{ op: 'remove', path: '/name', value: undefined }], fields), {
    message: 'Invalid patch operation specified. Must be one of: [replace]',
  });
  applyPatch([{ op: 'replace', path: '/name', value: 'x' }], fields);
  assert.equal(name, 'x');
  applyPatch([{ op: 'remove', path: '/note', value: undefined }], fields);
  assert.equal(name, undefined);
});
