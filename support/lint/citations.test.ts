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

// Put together, so that the check of this repository does not take what these tests cite for citations of its own.
const page = ['docs', 'facts/kinesis.md'].join('/');
const fact = (number: string) => `(${'fact'}s ${number})`;

/** Each way to cite, what stands in which file, and what the check says of it. */
const cases: readonly [string, { file: string; text: string; problems: readonly RegExp[] }][] = [
  ['a heading', { file: 'a.ts', text: `// (${page}#record-size)`, problems: [] }],
  ['a second heading of one name', { file: 'a.ts', text: `// ${page}#twice-1`, problems: [] }],
  ['an explicit id', { file: 'a.yaml', text: `# ${page}#k7.`, problems: [] }],
  ['a page', { file: 'a.ts', text: `// \`${page}\`, and on`, problems: [] }],
  [
    'a heading that is not there',
    { file: 'a.ts', text: `\n// ${page}#records`, problems: [/^a\.ts:2: .*no heading for #records$/] },
  ],
  [
    'a heading within a code block',
    { file: 'a.ts', text: `// ${page}#not-a-heading`, problems: [/no heading for #not-a-heading/] },
  ],
  [
    'a page that is not there',
    { file: 'a.feature', text: `# ${page.replace('kinesis', 'sqs')}#errors`, problems: [/no such file/] },
  ],
  ['a number', { file: 'a.ts', text: `// ${fact('4.2')}`, problems: [/"facts 4\.2" does not say where/] }],
  [
    'a number on the next line',
    { file: 'a.ts', text: ` * ${'fact'}s\n * K7`, problems: [/^a\.ts:1: .*does not say where/] },
  ],
  ['a link', { file: 'guide/a.md', text: '[x](../docs/facts/kinesis.md#twice)', problems: [] }],
  ['a link within its file', { file: 'docs/facts/kinesis.md', text: '[x](#record-size)', problems: [] }],
  ['a link elsewhere', { file: 'guide/a.md', text: '[x](https://example.com/#y) <b@c.d>', problems: [] }],
  [
    'a link to a file that is not there',
    {
      file: 'guide/a.md',
      text: 'a\n\n[x](b.md)',
      problems: [/^guide\/a\.md:3: b\.md: there is no such file$/],
    },
  ],
  [
    'a link to a heading that is not there',
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
