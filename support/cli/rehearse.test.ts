import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../run/suite.ts';
import { NIGHTLY_OPTIONS } from './rehearse.ts';

test('the rehearsal runs the same command as the nightly', () => {
  const workflow = readFileSync(path.join(ROOT, '.github/workflows/nightly.yml'), 'utf8');
  assert.ok(workflow.includes(`conformance -- --target aws ${NIGHTLY_OPTIONS.join(' ')} `));
});
