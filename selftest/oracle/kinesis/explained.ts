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
import { CORRECTIONS } from './sequences/corrections.ts';
import type { Step } from './sequences/steps.ts';

interface Entry<T> extends Explanation, Witnessed<T> {
  readonly oracle: OracleName;
}

interface Entries {
  readonly requests: readonly Entry<KinesisCase>[];
  readonly sequences: readonly Entry<readonly Step[]>[];
}

const FILE = path.join(import.meta.dirname, 'explained.yaml');

/** The entries of explained.yaml, each with its recogniser. */
export function readExplanations(): {
  readonly requests: readonly RequestExplanation[];
  readonly sequences: readonly SequenceExplanation[];
} {
  const { requests, sequences } = readYaml(readFileSync(FILE, 'utf8')) as Entries;
  return {
    requests: joined(requests, RECOGNISERS).map(([entry, explains]) => ({ ...entry, explains })),
    sequences: joined(sequences, CORRECTIONS).map(([entry, correction]) => ({ ...entry, ...correction })),
  };
}

/** Joins entries and recognisers by kind. @throws where either lacks the other. */
function joined<T extends Explanation, R>(
  entries: readonly T[],
  recognisers: Readonly<Record<string, R>>,
): (readonly [T, R])[] {
  const kinds = entries.map(({ kind }) => kind);
  const alone = Object.keys(recognisers).filter((kind) => !kinds.includes(kind));
  if (alone.length > 0) throw new Error(`explained.yaml has no entry for ${alone.join(', ')}`);
  return entries.map((entry) => {
    const recogniser = recognisers[entry.kind];
    if (recogniser === undefined) throw new Error(`${entry.kind} of explained.yaml has no recogniser`);
    return [entry, recogniser] as const;
  });
}
