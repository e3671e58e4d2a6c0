import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { readYaml } from '../../infra/yaml.ts';
import { CONFIG_SCHEMA, configSchema } from './config-schema.ts';
import { OPTIONS } from './option-table.ts';
import { CONFIG_FILE, parseOptions } from './options.ts';
import { ROOT } from './suite.ts';

const EXAMPLE = path.join(ROOT, 'examples', CONFIG_FILE);
const schema = JSON.parse(readFileSync(path.join(ROOT, CONFIG_SCHEMA), 'utf8'));
const fits = new Ajv({ allowUnionTypes: true }).compile(schema);

test('the schema matches the options (npm run schema writes it)', () => {
  assert.deepEqual(schema, JSON.parse(JSON.stringify(configSchema())));
  assert.deepEqual(Object.keys(schema.properties), Object.keys(OPTIONS));
});

test('the example fits the schema, which it names, and is read as options', (t) => {
  const text = readFileSync(EXAMPLE, 'utf8');
  const [, named = ''] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text) ?? [];
  assert.equal(path.resolve(path.dirname(EXAMPLE), named), path.join(ROOT, CONFIG_SCHEMA));
  assert.ok(fits(readYaml(text)), JSON.stringify(fits.errors));
  const folder = mkdtempSync(path.join(tmpdir(), 'kpc-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  copyFileSync(EXAMPLE, path.join(folder, CONFIG_FILE));
  const options = parseOptions([], {}, folder);
  assert.equal(options.level, 'production');
  assert.equal(options.parallel, 2);
  assert.deepEqual(options.exclude, [{ clause: 'SAFE-14', reason: 'internal network only' }]);
});

for (const [text, isGood] of [
  ['target: localstack', true],
  ['', true],
  ['clause: [PUT-3, PUT-4]', true],
  ['keep: true', true],
  ['target: moon', false],
  ['levle: core', false],
  ['keep: perhaps', false],
  ['parallel: some', false],
] as const)
  test(`schema and reader agree that "${text}" is ${isGood ? 'right' : 'wrong'}`, (t) => {
    assert.equal(fits(readYaml(text)), isGood);
    const folder = mkdtempSync(path.join(tmpdir(), 'kpc-config-'));
    t.after(() => rmSync(folder, { recursive: true }));
    // Whether the embedded AWS supports the combination is checked elsewhere.
    const target = text.startsWith('keep: true') ? ['--target', 'localstack'] : [];
    writeFileSync(path.join(folder, CONFIG_FILE), text);
    const read = () => parseOptions(target, {}, folder);
    if (isGood) assert.doesNotThrow(read);
    else assert.throws(read);
  });
