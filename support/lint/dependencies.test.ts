import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../run/suite.ts';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

const read = (name: string) => readFileSync(path.join(ROOT, name), 'utf8');
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const fromRegistry = Object.entries(packages).filter(
  ([folder, { link }]) => folder.includes('node_modules') && !link,
);

test('each package in the lock file has a hash and no URL', () => {
  assert.ok(fromRegistry.length > 100);
  for (const [folder, { version, resolved, integrity }] of fromRegistry) {
    assert.match(integrity ?? '', /^sha512-[\w+/]+=*$/, folder);
    assert.match(version ?? '', /^\d/, folder);
    assert.equal(resolved, undefined, folder);
  }
});

test('package.json names exact versions', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json'));
  const { optionalDependencies } = JSON.parse(read('support/node/package.json'));
  for (const [name, version] of Object.entries({
    ...dependencies,
    ...devDependencies,
    ...optionalDependencies,
  }))
    assert.match(String(version), /^\d+\.\d+\.\d+$|^file:support\//, name);
});

test('the package does not install Node, and depends on nothing that only a checkout has', () => {
  const { dependencies, optionalDependencies } = JSON.parse(read('package.json'));
  assert.equal(optionalDependencies, undefined);
  for (const [name, version] of Object.entries(dependencies)) {
    assert.doesNotMatch(String(version), /^file:/, name);
    assert.doesNotMatch(name, /^node-/);
  }
});

test('install scripts of packages do not run', () => assert.match(read('.npmrc'), /^ignore-scripts=true$/m));

test('each Python package of the lint tools has a hash', () => {
  const entries = read('support/lint/requirements.lock').split(/^(?=\w)/m);
  assert.ok(entries.length > 10);
  for (const entry of entries)
    assert.match(entry, /^[\w.-]+==[\w.]+[^\n]* \\\n +--hash=sha256:[0-9a-f]{64}/, entry.slice(0, 60));
});
