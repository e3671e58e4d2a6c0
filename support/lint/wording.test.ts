import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { expect } from 'chai';
import { readYaml } from '../../infra/yaml.ts';
import { avoided, type Wording } from './wording.ts';

const wording = readYaml(readFileSync(new URL('wording.yaml', import.meta.url), 'utf8')) as Wording;

// Put together, so that the check of this repository does not report the examples here.
const wish = ['wi', 'sh'].join('');
const Wish = ['Wi', 'sh'].join('');
const whoever = ['who', 'ever'].join('');
const [inWord, vain] = ['in', 'vain'];

/** A file with an avoided word, and the expected problems. */
const cases: readonly [string, { file: string; text: string; problems: readonly RegExp[] }][] = [
  [
    'a name',
    { file: 'a.ts', text: `\nconst ${wish} = 1;`, problems: [/^a\.ts:2: ".*" is avoided .*options$/] },
  ],
  [
    'a part of a name',
    { file: 'a.ts', text: `interface Target${Wish} {}`, problems: [/^a\.ts:1: .*options/] },
  ],
  ['a name in capitals', { file: 'a.ts', text: `const ${'MOST'}_BYTES = 1;`, problems: [/better: MAX_$/] }],
  ['a file', { file: `infra/${wish}.ts`, text: '', problems: [/^infra\/.*\.ts: ".*" is avoided/] }],
  ['a comment', { file: 'a.ts', text: `// ${whoever} calls`, problems: [/^a\.ts:1: .*the caller/] }],
  ['a message', { file: 'a.ts', text: `say('${whoever}');`, problems: [/the caller/] }],
  [
    'a step',
    { file: 'a.feature', text: `When the client tries ${inWord} ${vain} to`, problems: [/and fails/] },
  ],
  [
    'a guide, in capitals',
    { file: 'a.md', text: `${whoever.toUpperCase()} calls`, problems: [/the caller/] },
  ],
  [
    'two lines',
    { file: 'a.ts', text: `/**\n * It tries ${inWord}\n * ${vain}.\n */`, problems: [/^a\.ts:2: /] },
  ],
  ['other words', { file: 'a.ts', text: 'const mostBytes = 1; // someone, in vanilla', problems: [] }],
  ['a name in a guide', { file: 'a.md', text: `We ${wish} you well`, problems: [] }],
];

for (const [what, { file, text, problems }] of cases)
  test(`${what}: ${problems.length === 0 ? 'fine' : 'named'}`, () => {
    const found = avoided(file, text, wording);
    expect(found).to.have.length(problems.length);
    for (const [index, problem] of problems.entries()) expect(found[index]).to.match(problem);
  });

test('each avoided word is found', () => {
  for (const { word } of wording.text) expect(avoided('a.md', `a ${word} b`, wording), word).to.not.be.empty;
  for (const { word } of wording.names) {
    const name = word.endsWith('_') ? `${word}BYTES` : word;
    expect(avoided('a.ts', `const ${name} = 1;`, wording), word).to.have.length(1);
  }
});
