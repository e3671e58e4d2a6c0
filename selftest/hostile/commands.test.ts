import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { WAIT_NAMES, waitVariable } from '../../infra/retry/waits.ts';
import { toJson } from '../../support/report/json.ts';
import { OPTIONS } from '../../support/run/option-table.ts';
import { assertNoCommand, assertNoMarkup, HOSTILE, hostileResults } from './hostile-text.ts';
import { httpServer, suite } from './processes.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kpc-commands-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** The same value with every text that no pattern restricts replaced by hostile text. */
function planted(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((member) => planted(member, key));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        key === 'headers' ? `${name}${HOSTILE}` : name,
        planted(member, name),
      ]),
    );
  const isFree =
    typeof value === 'string' && /^(statement|name|version|commit|id|text|url|headers|json)$/.test(key);
  return isFree ? `planted ${value} ${HOSTILE}` : value;
}

it('show and diff do not interpret hostile text in evidence', async () => {
  const own = path.join(folder, 'evidence');
  const others = path.join(folder, 'others');
  const flags = ['--clause', 'LIST-1', '--report', path.join(folder, 'r'), '--evidence', own];
  assert.equal((await suite(['conformance', ...flags])).exitCode, 0);
  mkdirSync(others);
  for (const name of readdirSync(own)) {
    const hostile = planted(JSON.parse(readFileSync(path.join(own, name), 'utf8')));
    writeFileSync(path.join(others, name), JSON.stringify(hostile));
  }
  for (const args of [
    ['show', others],
    ['show', others, 'LIST-1'],
    ...['text', 'markdown', 'json'].flatMap((format) => [
      ['diff', own, others, '--format', format],
      ['diff', others, own, '--format', format],
    ]),
  ]) {
    const { exitCode, stdout, stderr } = await suite(['evidence', ...args]);
    assert.ok(exitCode === 0 || exitCode === 1, `${args.join(' ')}: ${exitCode} ${stderr}`);
    if (args[0] === 'show') assert.match(stdout, /planted/);
    assertNoCommand(stdout + stderr, args.join(' '));
    if (args.includes('markdown')) assertNoMarkup(stdout, args.join(' '));
    if (args.includes('json')) JSON.parse(stdout);
  }
});

it('deeply nested evidence is refused in one line', async () => {
  const deep = path.join(folder, 'deep');
  mkdirSync(deep);
  for (const name of readdirSync(path.join(folder, 'evidence'))) {
    const text = readFileSync(path.join(folder, 'evidence', name), 'utf8');
    const nested = `"statement": ${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    writeFileSync(path.join(deep, name), text.replace(/"statement": "[^"]*"/, nested));
  }
  const { exitCode, stderr } = await suite(['evidence', 'show', deep, 'LIST-1']);
  assert.equal(exitCode, 3);
  assert.match(stderr, /^error: [^\n]+ nests deeper than 200\n$/);
});

it('hostile text in issues, and in an error of GitHub, is not interpreted', async (t) => {
  const file = path.join(folder, 'results.json');
  writeFileSync(file, toJson(hostileResults()));
  const sent: { title?: string; body?: string }[] = [];
  const marks = ['LIST-1', `x ${HOSTILE}`, 'run'].map((subject) =>
    JSON.stringify({ subject, since: `2026-01-01 ${HOSTILE}` }),
  );
  const url = await httpServer(t, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (body !== '') sent.push(JSON.parse(body));
    const issues = marks.map((mark, at) => ({
      number: at + 1,
      body: `<!-- kinesis-proxy-conformance ${mark} --> ${HOSTILE}`,
    }));
    if (request.url?.startsWith('/broken')) response.statusCode = 500;
    response.end(request.url?.startsWith('/broken') ? HOSTILE : JSON.stringify(issues));
  });
  const env = { GITHUB_REPOSITORY: 'o/r', GITHUB_TOKEN: 'x'.repeat(20), GITHUB_ACTIONS: 'true' };
  for (const [api, exit, more] of [
    [url, 0, ['--dry-run']],
    [url, 0, []],
    [`${url}/broken`, 2, []],
  ] as const) {
    const ended = await suite(['issues', file, ...more], { env: { ...env, GITHUB_API_URL: api } });
    assert.equal(ended.exitCode, exit, ended.stderr);
    assertNoCommand(ended.stdout + ended.stderr, 'issues');
  }
  assert.ok(sent.some(({ title }) => title !== undefined));
  for (const { title = '', body = '' } of sent) {
    assert.doesNotMatch(title, /\n|@/);
    assertNoMarkup(body, 'body');
  }
});

it('the output of the sweep does not interpret hostile text in a journal', async () => {
  const own = path.join(folder, 'journal');
  mkdirSync(own, { mode: 0o700 });
  const first = {
    step: 'run',
    version: 1,
    runId: 'aaaaaaaa',
    startedAt: new Date().toISOString(),
    process: { host: hostname(), pid: 2 ** 22 + 1 },
    target: { kind: 'endpoint', endpoint: 'http://127.0.0.1:9', region: 'us-east-1' },
    skewMs: 0,
  };
  const forged = [
    { ...first, runId: HOSTILE },
    { ...first, process: { host: HOSTILE, pid: 1 } },
    { ...first, target: { ...first.target, endpoint: `http://127.0.0.1:9/${HOSTILE}` } },
    { ...first, target: { ...first.target, region: HOSTILE } },
    { ...first, [HOSTILE]: 1 },
    first,
  ];
  const names = ['\u001b[2J', '\n::error::planted\n', 'aaaaaaaa', '\u202e', '##[x]', 'bbbbbbbb'];
  forged.forEach((head, at) => {
    const lines = [head, { step: 'intended', at: HOSTILE, kind: HOSTILE, name: HOSTILE, id: HOSTILE }];
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    writeFileSync(path.join(own, `${names[at]}.jsonl`), text, { mode: 0o600 });
  });
  const { exitCode, stdout, stderr } = await suite(['sweep', '--journal', own]);
  assert.equal(exitCode, 2, stderr);
  assert.match(stdout + stderr, /skipped/);
  assertNoCommand(stdout + stderr, 'sweep');
});

describe('variables of the environment', { concurrency: 3 }, () => {
  const text = HOSTILE.replaceAll('\0', '').replaceAll('\ud800', '');
  const variables = [
    ...Object.keys(OPTIONS)
      // These accept a word or a number, and their messages are alike.
      .filter((name) => !/^(name|keep|sockets|accept-partial|read-only|retry|order|level|auth)$/.test(name))
      .map((name) => name.toUpperCase().replaceAll('-', '_')),
    waitVariable(WAIT_NAMES[0]),
    'KPC_CLOCK',
    'AWS_REGION',
    'AWS_ACCESS_KEY_ID',
    'AWS_PROFILE',
    'GITHUB_STEP_SUMMARY',
    'TZ',
  ];
  for (const variable of variables)
    it(`${variable} is not interpreted in any message`, async () => {
      const own = mkdtempSync(path.join(folder, 'env-'));
      const report = variable === 'REPORT' ? [] : ['--report', path.join(own, 'r')];
      const args = ['conformance', '--clause', 'LIST-1', ...report, '--journal', path.join(own, 'j')];
      // Without the flag, which would override it.
      const without = variable === 'CLAUSE' ? args.filter((arg) => !/^--clause$|^LIST-1$/.test(arg)) : args;
      const env = { [variable]: text, GITHUB_ACTIONS: 'true' };
      const { exitCode, stdout, stderr } = await suite(without, { env, cwd: own });
      assert.doesNotMatch(stdout + stderr, /the suite itself failed/);
      assertNoCommand(stdout + stderr, variable);
      if (exitCode === 3) assert.match(stderr, /^(?:starting embedded\n)?error: [^\n]+\n$/);
    });
});
