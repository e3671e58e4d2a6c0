import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { CORPUS, entriesOf } from './entries.ts';
import { judgeEntry } from './judge.ts';

/** Iterators whose type depends on whether the client says where it was. */

const FILE = 'sam-resumed-log.yaml';
const OLDEST = '"ShardIteratorType": "TRIM_HORIZON"';

/** What the templates say instead, and the clauses that fail then. */
const CHANGES: readonly (readonly [why: string, before: string, after: string, failed: readonly string[]])[] =
  [
    ['the last record is read again', 'AFTER_SEQUENCE_NUMBER', 'AT_SEQUENCE_NUMBER', ['SAFE-2', 'SAFE-17']],
    ['records that came in meanwhile are skipped', 'AFTER_SEQUENCE_NUMBER', 'LATEST', ['SAFE-2', 'SAFE-17']],
    // Nobody can read from the first record, so a client that was away has nothing to hold the API to.
    ['iterators are LATEST, unless the client says where it was', 'TRIM_HORIZON', 'LATEST', []],
    [
      'iterators are LATEST, whatever the client says',
      `#if($after == "")\n                    ${OLDEST}`,
      '#if(true)\n                    "ShardIteratorType": "LATEST"',
      [],
    ],
  ];

describe('a client that resumes', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'kpc-resuming-'));
  after(() => rmSync(directory, { recursive: true }));
  const entry = entriesOf('corpus.yaml').find(({ file }) => file === FILE);
  const text = readFileSync(new URL(FILE, CORPUS), 'utf8');

  for (const [index, [why, before, instead, failed]] of CHANGES.entries())
    test(`${why}: ${failed.join(', ') || 'nothing'} fails`, async () => {
      assert.ok(entry && text.includes(before));
      const file = path.join(directory, `log-${index}.yaml`);
      writeFileSync(
        file,
        text.replaceAll(before, () => instead),
      );
      const { clauses } = await judgeEntry({ ...entry, file: pathToFileURL(file).href }, directory);
      const found = clauses.filter(({ result }) => result === 'failed' || result === 'not-observable');
      assert.deepEqual(
        found.map(({ id }) => id),
        failed,
      );
    });
});
