import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readYaml } from '../../../infra/yaml.ts';
import type { Oracle } from '../report.ts';
import { atTheControlPlane } from './control.ts';
import { atDirectCalls } from './direct.ts';
import { atTheGateway } from './gateway.ts';
import { atKinesis } from './kinesis.ts';
import { atPayloads } from './payloads.ts';
import { atPolicies } from './policies.ts';
import { inSequence } from './sequences.ts';
import { atTemplates } from './templates.ts';
import { atValidations } from './validations.ts';
import type { Vector, Verdict } from './vector.ts';

/** Each table of recordings and the function that tries it. */
const TABLES: readonly {
  readonly file: string;
  readonly try: (vectors: never) => Promise<readonly Verdict[]>;
}[] = [
  { file: 'templates.yaml', try: atTemplates },
  { file: 'kinesis.yaml', try: atKinesis },
  { file: 'direct.yaml', try: atDirectCalls },
  { file: 'gateway.yaml', try: atTheGateway },
  { file: 'payloads.yaml', try: atPayloads },
  { file: 'validations.yaml', try: atValidations },
  { file: 'control.yaml', try: atTheControlPlane },
  { file: 'sequences.yaml', try: inSequence },
  { file: 'policies.yaml', try: atPolicies },
];

export const recorded: Oracle = {
  summary: 'what was recorded on AWS or follows from its rules by calculation, against the embedded AWS',
  cases: 0,
  run: async () => {
    const verdicts: Verdict[] = [];
    for (const table of TABLES) {
      const vectors = readYaml(readFileSync(path.join(import.meta.dirname, table.file), 'utf8')) as Vector[];
      verdicts.push(...(await table.try(vectors as never)));
    }
    return {
      cases: verdicts.length,
      differences: verdicts.flatMap(({ difference }) => difference ?? []),
      explained: [],
    };
  },
};
