import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { planIssues } from '../../support/report/issues.ts';
import { toJson } from '../../support/report/json.ts';
import { sampleResults } from '../../support/report/testing/sample.ts';
import type { Results } from '../../support/run/results.ts';
import { assertInert, assertNoCommand, assertNoMarkup, HOSTILE, hostileResults } from './hostile-text.ts';
import { httpServer, suite } from './processes.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kpc-text-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

for (const status of [200, 400])
  it(`no output of a run interprets hostile text in an API's answer with ${status}`, async (t) => {
    let calls = 0;
    const url = await httpServer(t, (request, response) => {
      request.resume();
      if (request.url?.startsWith('/_kpc/simulation')) return void response.writeHead(404).end();
      const isApi = request.url?.startsWith('/test');
      // After an error for the first call, or from AWS, the run would not start.
      if (isApi && status === 400 && calls++ === 0)
        return void response.end('{"StreamNames":[],"HasMoreStreams":false}');
      if (request.url?.startsWith('/_')) return void response.end(JSON.stringify({ version: HOSTILE }));
      response
        .writeHead(isApi ? status : 200, 'OK \u009b31m', {
          'content-type': 'application/json',
          'x-planted': '::error::planted ##[x]',
        })
        .end(
          JSON.stringify({
            StreamNames: [HOSTILE],
            HasMoreStreams: HOSTILE,
            message: HOSTILE,
            __type: HOSTILE,
          }),
        );
    });
    const divergences = path.join(folder, 'divergences.yaml');
    writeFileSync(
      divergences,
      `divergences:\n  - ${JSON.stringify({ clause: 'LIST-2', reason: `x ${HOSTILE}`, link: `x ${HOSTILE}`, expires: '2099-01-01' }).replaceAll('\\ud800', '')}\n`,
    );
    const report = path.join(folder, `run-${status}`);
    const summary = path.join(folder, 'summary.md');
    const { exitCode, stdout, stderr } = await suite(
      [
        'conformance',
        '--url',
        `${url}/test`,
        '--endpoint',
        url,
        '--tags',
        '@LIST-1 or @LIST-2 or @PUT-1',
        '--report',
        report,
        '--divergences',
        divergences,
        '--journal',
        path.join(folder, 'j'),
      ],
      { env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary } },
    );
    assert.ok(exitCode === 1 || exitCode === 2, stdout + stderr);
    assert.match(stdout, /planted/, 'the text itself is shown');
    assertNoCommand(stdout, 'stdout');
    assertNoCommand(stderr, 'stderr');
    assertNoMarkup(readFileSync(summary, 'utf8'), 'summary');
    const read = (name: string) => readFileSync(path.join(report, name), 'utf8');
    for (const name of ['conformance.json', 'junit.xml', 'messages.ndjson', 'report.html'])
      assertInert(read(name), name);
    // Its scripts are cucumber's own, except for the messages that it shows.
    const cucumber = read('cucumber.html').replace(
      /<script[^>]*>(?!\s*window\.CUCUMBER)[\s\S]*?<\/script>|<style[\s\S]*?<\/style>/g,
      '',
    );
    assertInert(cucumber, 'cucumber.html');
    assert.doesNotMatch(cucumber, /<script>planted|<img src=x/);
    assert.doesNotMatch(read('report.html'), /<script|<img/);
    assert.match(read('report.html'), /&lt;script&gt;planted\(\)/, 'the text itself is shown');
    const json = JSON.parse(readFileSync(path.join(report, 'conformance.json'), 'utf8')) as Results;
    assert.ok(JSON.stringify(json).includes('planted'));
    new XMLParser().parse(readFileSync(path.join(report, 'junit.xml'), 'utf8'), true);
  });

it("no command interprets hostile text in an endpoint's answer", async (t) => {
  const url = await httpServer(t, (request, response) => {
    request.resume();
    const type = 'application/x-amz-json-1.1';
    response.writeHead(400, { 'content-type': type, 'x-amzn-errortype': 'Planted' });
    response.end(JSON.stringify({ __type: 'Planted', message: HOSTILE, version: HOSTILE }));
  });
  for (const command of [
    ['doctor'],
    ['sweep', '--target', 'endpoint'],
    ['conformance', '--report', path.join(folder, 'e')],
  ]) {
    const [name = '', ...flags] = command;
    const { stdout, stderr } = await suite(
      [name, ...flags, '--endpoint', url, '--journal', path.join(folder, 'none')].filter(
        (flag, at, all) => name !== 'doctor' || (flag !== '--journal' && all[at - 1] !== '--journal'),
      ),
    );
    assertNoCommand(stdout, `${name} stdout`);
    assertNoCommand(stderr, `${name} stderr`);
  }
});

it('no command interprets hostile text in results', async () => {
  const [old, young] = ['old.json', 'new.json'].map((name) => path.join(folder, name)) as [string, string];
  writeFileSync(old, toJson(sampleResults()));
  writeFileSync(young, toJson(hostileResults()));
  for (const format of ['text', 'markdown', 'json'])
    for (const args of [
      ['compare', old, young],
      ['compare', young, old],
      ['table', old, young],
    ]) {
      const { stdout, stderr } = await suite([...args, '--format', format]);
      assertNoCommand(stdout + stderr, format);
      if (format === 'markdown') assertNoMarkup(stdout, 'markdown');
      if (format === 'json') JSON.parse(stdout);
    }
});

it('issues and their marks contain nothing that GitHub interprets', () => {
  const open = [
    {
      number: 1,
      body: `<!-- kinesis-proxy-conformance {"subject":"LIST-1","since":"${'x'.repeat(9)} @planted"} -->`,
    },
  ];
  const actions = planIssues(hostileResults(), open, { url: undefined, today: '2026-01-01' });
  assert.ok(actions.length > 0);
  for (const action of actions) {
    if (action.kind === 'open') assert.doesNotMatch(action.title, /\n|@/);
    if (action.kind !== 'close') assertNoMarkup(action.body, action.body);
  }
});

it('no message interprets hostile text in arguments, files and their errors', async () => {
  const definition = path.join(folder, 'definition.json');
  writeFileSync(
    definition,
    JSON.stringify({
      openapi: '3.0.1',
      info: { title: HOSTILE, version: HOSTILE },
      paths: { [`/${HOSTILE}`]: { get: 1 } },
    }),
  );
  for (const args of [
    [HOSTILE],
    ['conformance', HOSTILE],
    ['conformance', '--clause', HOSTILE],
    ['conformance', '--definition', definition],
    ['conformance', '--definition', `/nowhere/${HOSTILE.replaceAll('\0', '')}`],
    ['compare', `/nowhere/${HOSTILE}`, 'x'],
    ['explain', HOSTILE],
    ['merge', `/nowhere/${HOSTILE}`, '--report', folder],
  ]) {
    const { exitCode, stdout, stderr } = await suite(args);
    assert.notEqual(exitCode, 0);
    assertNoCommand(stdout + stderr, args.join(' ').slice(0, 60));
  }
});
