import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { withoutOptions } from '../../support/run/environment.ts';
import { ROOT } from '../../support/run/suite.ts';
import { commandsOf, documentedCommands, type Entry, entryOf, problemsOf, readTable } from './documents.ts';

/**
 * Runs each command that a document shows: here, verbatim or as the table says, or in the file that the table names.
 */
const documented = documentedCommands();
const table = readTable();
const LONGEST = 240_000;

test('the table says where every other command runs, and lists only commands of a document', () => {
  assert.deepEqual(problemsOf(table, documented), []);
});

test('stale, missing and duplicate entries are found', () => {
  const [first] = documented;
  assert.ok(first);
  const found = problemsOf(
    [
      { command: 'npm run gone', never: 'x' },
      { ...first, document: undefined, never: 'x', as: 'y', since: 'z' } as Entry,
      { command: first.command, elsewhere: { file: '.ci/run', text: 'no such line' } },
      { command: first.command, elsewhere: { file: 'gone.ts', text: '' } },
      { command: first.command, as: 'true' },
    ],
    documented,
  );
  assert.equal(found.length, 5, found.join('\n'));
});

test('commands are read from blocks of the shell', () => {
  const markdown = '```sh\n$ a --b \\\n  c  # why\n# comment\nf() { # x\n  g\n}\nd #e\n```\n```ts\nno\n```\n';
  assert.deepEqual(commandsOf(markdown), ['a --b c', 'f() {', 'd #e']);
});

const skip = process.platform === 'win32' && 'needs a POSIX shell';
describe('each command of the documents that can run here', { concurrency: 2, skip }, () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'kpc-commands-'));
    writeStubs(path.join(folder, 'bin'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const seen = new Set<string>();
  for (const [document, commands] of Map.groupBy(documented, (each) => each.document)) {
    const runnable = commands.flatMap((each) => {
      const { as, until, elsewhere, never } = entryOf(each, table) ?? {};
      const line = as ?? each.command;
      if (elsewhere !== undefined || never !== undefined || seen.has(line)) return [];
      seen.add(line);
      return [{ line, until }];
    });
    if (runnable.length > 0)
      test(document, async (t) => {
        const checkout = path.join(folder, document.replaceAll('/', '-'));
        addUserFiles(checkout);
        // Each document has its own proxy, as commands may change how it behaves.
        const served = runnable.some(({ line }) => /\$(STAGE|SERVED|AWS_ENDPOINT_URL)\b/.test(line))
          ? await serve()
          : undefined;
        t.after(() => served?.stop());
        // In order: a later command reads what an earlier one wrote.
        for (const { line, until } of runnable)
          await t.test(line, async () => {
            const { code, printed } = await shell(line, {
              cwd: checkout,
              until,
              variables: served?.variablesFor(line),
            });
            const isRun = /\b(npm run (--silent )?conformance|kinesis-proxy-conformance run)\b/.test(line);
            if (until !== undefined) assert.ok([0, 130].includes(code), `exit code ${code}\n${printed}`);
            else if (!isRun) assert.equal(code, 0, printed);
            else {
              // Any verdict is fine; of several commands, the last, such as xargs, determines the code.
              assert.match(printed, /^verdict +(conformant|not-conformant|partial)/m);
              assert.ok(
                [0, 1, ...(line.includes('xargs') ? [123] : [])].includes(code),
                `exit code ${code}\n${printed}`,
              );
            }
          });
      });
  }

  function shell(
    line: string,
    {
      cwd,
      until,
      variables,
    }: { cwd: string; until: string | undefined; variables: NodeJS.ProcessEnv | undefined },
  ): Promise<{ code: number; printed: string }> {
    const { AWS_PROFILE: _, GITHUB_ACTIONS: __, ...env } = withoutOptions(process.env);
    const child = spawn('sh', ['-c', line], {
      cwd,
      detached: true,
      timeout: LONGEST,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...env,
        HOME: folder,
        PATH: [path.join(folder, 'bin'), path.join(ROOT, 'node_modules/.bin'), process.env.PATH].join(
          path.delimiter,
        ),
        ...variables,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      },
    });
    let printed = '';
    let isInterrupted = false;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        printed += text;
        if (until === undefined || isInterrupted || !printed.includes(until)) return;
        isInterrupted = true;
        process.kill(-(child.pid as number), 'SIGINT');
      });
    return new Promise((resolve) => {
      child.once('close', (code, signal) =>
        resolve({ code: signal === 'SIGINT' ? 130 : (code ?? -1), printed }),
      );
    });
  }
});

/** Puts users' own files where the documents expect them. */
function addUserFiles(checkout: string): void {
  for (const part of ['package.json', 'bin', 'contract', 'features', 'infra', 'selftest', 'steps', 'support'])
    cpSync(path.join(ROOT, part), path.join(checkout, part), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(checkout, 'node_modules'));
  const corpus = (name: string) => path.join(ROOT, 'selftest/corpus', name);
  mkdirSync(path.join(checkout, 'apis'));
  for (const name of ['your-file', 'template.yaml', 'apis/orders.yaml'])
    cpSync(corpus('cfn-orders.yaml'), path.join(checkout, name));
  cpSync(path.join(ROOT, 'infra/proxy/tutorial.yaml'), path.join(checkout, 'copy.yaml'));
  cpSync(corpus('sam-keys.yaml'), path.join(checkout, 'apis/keys.yaml'));
}

/** Replaces npm and npx, which take a second to start, by package.json's script and the bin. */
function writeStubs(bin: string): void {
  mkdirSync(bin);
  const stubs = {
    npm: `[ "$1" = run ] || exit 64
shift; [ "$1" != --silent ] || shift
name=$1; shift; [ "\${1:-}" != -- ] || shift
script=$(NAME=$name node -p 'require("./package.json").scripts[process.env.NAME] ?? "false"')
exec sh -c "$script \\"\\$@\\"" "$name" "$@"`,
    npx: `[ "$1" = kinesis-proxy-conformance ] || exit 64
shift
exec node bin/kinesis-proxy-conformance.mjs "$@"`,
  };
  for (const [name, script] of Object.entries(stubs)) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
}

interface Served {
  variablesFor(line: string): NodeJS.ProcessEnv;
  stop(): void;
}

/** The tutorial's API on an embedded AWS, for documents that need a running one. */
async function serve(): Promise<Served> {
  const argv = ['support/cli/main.mjs', 'serve', '--json', '--port', '0'];
  const child = spawn(process.execPath, argv, { cwd: ROOT, env: withoutOptions(process.env) });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (text) => resolve(String(text)));
    child.once('close', (code) => reject(new Error(`serve ended with ${code}`)));
  });
  const { endpoint, invokeUrl } = JSON.parse(line) as { endpoint: string; invokeUrl: string };
  return {
    variablesFor: (command) => ({
      STAGE: invokeUrl,
      SERVED: endpoint,
      // Every other command would read it.
      ...(command.includes('$AWS_ENDPOINT_URL') && { AWS_ENDPOINT_URL: endpoint }),
    }),
    stop: () => child.kill('SIGKILL'),
  };
}
