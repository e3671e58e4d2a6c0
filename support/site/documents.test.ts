import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDocument } from './documents.ts';
import { linkedText } from './linked-text.ts';
import { linkFrom, sitePathOf } from './page.ts';

const FILES = new Set(['README.md', 'docs/aws.md', 'docs/facts/README.md', 'docs/facts/kinesis.md']);
const CLAUSES = new Set(['PUT-3', 'SAFE-10']);
const html = (text: string, file = 'docs/aws.md') => toDocument(file, text, FILES, CLAUSES).html;

test('a document has a page that lists its neighbours', () => {
  assert.equal(sitePathOf('README.md'), 'readme.html');
  assert.equal(sitePathOf('CONTRIBUTING.md'), 'contributing.html');
  assert.equal(sitePathOf('docs/your-proxy.md'), 'docs/your-proxy.html');
  assert.equal(sitePathOf('docs/facts/README.md'), 'docs/facts/index.html');
});

test('links between pages are relative', () => {
  assert.equal(linkFrom('clauses/PUT-3.html', 'docs/facts/index.html#x'), '../docs/facts/index.html#x');
  assert.equal(linkFrom('index.html', 'matrix.html'), 'matrix.html');
  assert.equal(linkFrom('a/b.html', 'a/b.html#x'), '#x');
  assert.equal(linkFrom('a/b.html', 'a/b.html'), 'b.html');
});

test('links of the repository lead to the pages of the site', () => {
  assert.match(html('[x](facts/kinesis.md#errors)'), /<a href="facts\/kinesis\.html#errors">x<\/a>/);
  assert.match(html('[x](../README.md)'), /<a href="\.\.\/readme\.html">x<\/a>/);
  assert.match(html('[x](#own)'), /<a href="#own">x<\/a>/);
  assert.match(html('`docs/facts/kinesis.md#errors`'), /<a href="facts\/kinesis\.html#errors"><code>/);
  assert.match(
    html('[x](https://example.org/)'),
    /<a href="https:\/\/example\.org\/" rel="noreferrer noopener">/,
  );
});

test('a path that the site does not have is not linked', () => {
  assert.equal(html('[the file](../infra/proxy/tutorial.yaml)').trim(), '<p>the file</p>');
  assert.equal(html('`notes/none.md`').trim(), '<p><code>notes/none.md</code></p>');
});

test("a clause's id becomes a link, except in a link, a heading or another word", () => {
  assert.match(html('see PUT-3.'), /see <a href="\.\.\/clauses\/PUT-3\.html">PUT-3<\/a>\./);
  assert.match(html('`SAFE-10`'), /<a href="\.\.\/clauses\/SAFE-10\.html"><code>SAFE-10<\/code><\/a>/);
  assert.equal(html('[PUT-3](aws.md)').match(/<a /g)?.length, 1);
  assert.equal(html('## PUT-3').match(/<a /g)?.length, 1);
  assert.doesNotMatch(html('OUTPUT-3 and PUT-4 and `x PUT-3`'), /<a /);
});

test('code and text are escaped', () => {
  assert.match(html('a <b & `<i>` "'), /a &lt;b &amp; <code>&lt;i&gt;<\/code> &quot;/);
  assert.match(
    html('```sh\n<x>\n```'),
    /<pre tabindex="0" data-language="sh"><code>&lt;x&gt;\n<\/code><\/pre>/,
  );
});

test('headings have the anchors of GitHub, without duplicates', () => {
  const { headings, html: page } = toDocument(
    'docs/aws.md',
    '# A\n## Two words\n## Two words\n### `code` here\n',
    FILES,
    CLAUSES,
  );
  assert.deepEqual(
    headings.map(({ href, depth }) => [href, depth]),
    [
      ['docs/aws.html#two-words', 2],
      ['docs/aws.html#two-words-1', 2],
      ['docs/aws.html#code-here', 3],
    ],
  );
  assert.match(page, /<h2 id="two-words-1">/);
});

test('the search has each section, as plain words', () => {
  const { found, lead, title } = toDocument(
    'docs/facts/kinesis.md',
    '# Kinesis\n\nOf **streams**.\n\n## Errors\n\n| a | b |\n|---|---|\n| `x` | y |\n\n- one\n- two\n',
    FILES,
    CLAUSES,
  );
  assert.deepEqual([title, lead], ['Kinesis', 'Of streams.']);
  assert.deepEqual(found, [
    { title: 'Kinesis', href: 'docs/facts/kinesis.html', kind: 'fact', text: 'Of streams.' },
    {
      title: 'Errors – Kinesis',
      href: 'docs/facts/kinesis.html#errors',
      kind: 'fact',
      text: 'a b x y one two',
    },
  ]);
});

test('pictures are listed, and shown from the folder that they are copied to', () => {
  const { pictures, html: page } = toDocument('docs/aws.md', '![calls](bench/calls.svg)', FILES, CLAUSES);
  assert.deepEqual(pictures, ['docs/bench/calls.svg']);
  assert.match(page, /<img src="bench\/calls\.svg" alt="calls"/);
});

test('a source links to the facts and clauses that it names', () => {
  assert.deepEqual(linkedText('tutorial; docs/facts/kinesis.md#errors, as PUT-3', CLAUSES), [
    { text: 'tutorial; ' },
    { text: 'docs/facts/kinesis.md#errors', href: 'docs/facts/kinesis.html#errors' },
    { text: ', as ' },
    { text: 'PUT-3', href: 'clauses/PUT-3.html' },
  ]);
});
