import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { expect } from 'chai';
import { danglingIn } from './citations.ts';

const root = mkdtempSync(path.join(tmpdir(), 'citations-'));
after(() => rmSync(root, { recursive: true }));
mkdirSync(path.join(root, 'docs/facts'), { recursive: true });
writeFileSync(
  path.join(root, 'docs/facts/kinesis.md'),
  '# Kinesis\n\n## Record `size`\n\n```\n## Not a heading\n```\n\n## Twice\n\n## Twice\n\n<a id="k7"></a>\n',
);

// Put together, so that the check of this repository does not resolve the citations of these tests.
const page = ['docs', 'facts/kinesis.md'].join('/');
const fact = (number: string) => `(${'fact'}s ${number})`;

/** Each form of citation, with a file, its text, and the expected problems. */
const cases: readonly [string, { file: string; text: string; problems: readonly RegExp[] }][] = [
  ['a heading', { file: 'a.ts', text: `// (${page}#record-size)`, problems: [] }],
  ['a second heading of the same name', { file: 'a.ts', text: `// ${page}#twice-1`, problems: [] }],
  ['an explicit id', { file: 'a.yaml', text: `# ${page}#k7.`, problems: [] }],
  ['a page', { file: 'a.ts', text: `// \`${page}\`, and on`, problems: [] }],
  [
    'an unknown heading',
    { file: 'a.ts', text: `\n// ${page}#records`, problems: [/^a\.ts:2: .*no heading for #records$/] },
  ],
  [
    'a heading within a code block',
    { file: 'a.ts', text: `// ${page}#not-a-heading`, problems: [/no heading for #not-a-heading/] },
  ],
  [
    'an unknown page',
    { file: 'a.feature', text: `# ${page.replace('kinesis', 'sqs')}#errors`, problems: [/no such file/] },
  ],
  ['a number', { file: 'a.ts', text: `// ${fact('4.2')}`, problems: [/"facts 4\.2" does not locate/] }],
  [
    'a number on the next line',
    { file: 'a.ts', text: ` * ${'fact'}s\n * K7`, problems: [/^a\.ts:1: .*does not locate/] },
  ],
  ['a link', { file: 'guide/a.md', text: '[x](../docs/facts/kinesis.md#twice)', problems: [] }],
  ['a link within its file', { file: 'docs/facts/kinesis.md', text: '[x](#record-size)', problems: [] }],
  ['a link elsewhere', { file: 'guide/a.md', text: '[x](https://example.com/#y) <b@c.d>', problems: [] }],
  [
    'a link to an unknown file',
    {
      file: 'guide/a.md',
      text: 'a\n\n[x](b.md)',
      problems: [/^guide\/a\.md:3: b\.md: there is no such file$/],
    },
  ],
  [
    'a link to an unknown heading',
    {
      file: 'guide/a.md',
      text: '| a |\n|---|\n| [x](../docs/facts/kinesis.md#k8) |',
      problems: [/^guide\/a\.md:3: .*#k8$/],
    },
  ],
  ['a link in a code block', { file: 'guide/a.md', text: '```\n[x](b.md)\n```', problems: [] }],
];

for (const [name, { file, text, problems }] of cases)
  test(`${name}: ${problems.length === 0 ? 'resolves' : 'is named'}`, () => {
    const found = danglingIn(root, file, text);
    expect(found, found.join('\n')).to.have.length(problems.length);
    problems.forEach((problem, index) => {
      expect(found[index]).to.match(problem);
    });
  });
