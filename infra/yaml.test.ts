import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readYaml, YamlError } from './yaml.ts';

test('YAML 1.2 and JSON give the same data, with dates and "yes" as text', () => {
  const expected = { a: '2016-04-08', b: 'yes', c: [1, null, true] };
  assert.deepEqual(readYaml('a: 2016-04-08\nb: yes\nc: [1, ~, true]'), expected);
  assert.deepEqual(readYaml(`\ufeff${JSON.stringify(expected, null, '\t')}`), expected);
  assert.equal(readYaml('# nothing\n'), null);
  assert.equal(readYaml(''), null);
});

test('merge keys and aliases give copies, so that an edit changes only one place', () => {
  const read = readYaml('base: &base {a: {b: 1}}\none: {<<: *base}\ntwo: *base') as {
    one: { a: { b: number } };
    two: { a: { b: number } };
  };
  read.one.a.b = 2;
  assert.deepEqual(read.two, { a: { b: 1 } });
});

test('an error has its line, if there is one', () => {
  const refused: [string, RegExp, number | undefined][] = [
    ['a: 1\na: 2', /duplicated mapping key/, 2],
    ['a:\n  - [b', /end of the stream/, 2],
    ['a: !Unknown b', /unknown scalar tag/, 1],
    ['a: 1\n---\nb: 2', /more than one document/, undefined],
  ];
  for (const [text, reason, line] of refused)
    assert.throws(
      () => readYaml(text),
      (error) => error instanceof YamlError && reason.test(error.message) && error.line === line,
      text,
    );
});

test('aliases that expand to gigabytes are refused at once', () => {
  const levels = Array.from({ length: 30 }, (_, level) =>
    level === 0 ? 'l0: &l0 [x]' : `l${level}: &l${level} [*l${level - 1}, *l${level - 1}]`,
  );
  const started = performance.now();
  assert.throws(() => readYaml(levels.join('\n')), /more than 32 MiB/);
  assert.throws(() => readYaml('&a [*a]'), /more than 32 MiB/);
  assert.ok(performance.now() - started < 1_000);
});
