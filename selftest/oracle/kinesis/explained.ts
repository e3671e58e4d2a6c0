import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readYaml } from '../../../infra/yaml.ts';
import type { Explanation } from '../report.ts';
import type { OracleName } from './implementations/implementation.ts';
import type { KinesisCase } from './requests/cases.ts';
import type { RequestExplanation } from './requests/compare.ts';
import { RECOGNISERS } from './requests/recognise.ts';
import type { Witnessed } from './search.ts';
import type { SequenceExplanation } from './sequences/compare.ts';
import { SLIPS } from './sequences/mend.ts';
import type { Step } from './sequences/steps.ts';

interface Entry<T> extends Explanation, Witnessed<T> {
  readonly oracle: OracleName;
}

interface Entries {
  readonly requests: readonly Entry<KinesisCase>[];
  readonly sequences: readonly Entry<readonly Step[]>[];
}

const FILE = path.join(import.meta.dirname, 'explained.yaml');

/** What explained.yaml tells of, each with what recognises it. */
export function readExplanations(): {
  readonly requests: readonly RequestExplanation[];
  readonly sequences: readonly SequenceExplanation[];
} {
  const { requests, sequences } = readYaml(readFileSync(FILE, 'utf8')) as Entries;
  return {
    requests: joined(requests, RECOGNISERS).map(([entry, explains]) => ({ ...entry, explains })),
    sequences: joined(sequences, SLIPS).map(([entry, slip]) => ({ ...entry, ...slip })),
  };
}

/** Throws where an entry has nothing that recognises it, or the other way round. */
function joined<T extends Explanation, R>(
  entries: readonly T[],
  recognisers: Readonly<Record<string, R>>,
): (readonly [T, R])[] {
  const kinds = entries.map(({ kind }) => kind);
  const alone = Object.keys(recognisers).filter((kind) => !kinds.includes(kind));
  if (alone.length > 0) throw new Error(`explained.yaml says nothing of ${alone.join(', ')}`);
  return entries.map((entry) => {
    const recogniser = recognisers[entry.kind];
    if (recogniser === undefined) throw new Error(`nothing recognises ${entry.kind} of explained.yaml`);
    return [entry, recogniser] as const;
  });
}
