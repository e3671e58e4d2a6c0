import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BIN } from '../../infra/invocation.ts';
import { withoutOptions } from '../../support/run/environment.ts';
import { ROOT } from '../../support/run/suite.ts';
import { npm } from './pack.ts';

/** The Node versions that the package is tried on: `least` is the manifest's minimum, as far as npm has it. */
export const NODES = [{ version: '22.18.0' }, { version: '24.21.0' }] as const;

const CACHE = path.join(ROOT, 'node_modules/.cache/package');

type Tell = (line: string) => void;

/**
 * Installs the package in an empty folder, as a new user would, and uses it there on each Node.
 * @returns what did not work, one line each.
 * @throws TargetError where npm cannot install.
 */
export async function tryPackage(tarball: string, tell: Tell): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kpc-package-'));
  try {
    // Only the folder's own settings apply, not those of this checkout.
    const env = userEnvironment();
    writeFileSync(
      path.join(folder, 'package.json'),
      '{ "name": "user-project", "private": true, "type": "module" }\n',
    );
    const started = performance.now();
    await npm(['install', '--no-audit', '--no-fund', '--ignore-scripts', tarball], { cwd: folder, env });
    tell(`installed in an empty folder in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    const problems: string[] = [];
    if (existsSync(path.join(folder, 'node_modules/.bin/node')))
      problems.push("installing it puts another node before the user's own");
    problems.push(...(await onMachinesNode({ folder, env }, tell)));
    for (const { version } of NODES) {
      const node = await nodeOf(version);
      for (const { name, works } of USES) {
        const problem = await works({ folder, node, env }).catch((error: unknown) => String(error));
        tell(`${problem === undefined ? 'ok    ' : 'failed'} Node ${version}: ${name}`);
        if (problem !== undefined) problems.push(`Node ${version}, ${name}: ${problem}`);
      }
    }
    return problems;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A Node that is too old gets a message; any other runs. */
async function onMachinesNode(installation: Omit<Installation, 'node'>, tell: Tell): Promise<string[]> {
  const { code, output } = await npx({ ...installation, node: undefined }, ['--version']);
  const isTooOld = /^error: this is Node \S+, and the suite needs 22\.18 or later; install a newer one/.test(
    output,
  );
  const isGood = code === 0 ? /^\d+\.\d+\.\d+\s*$/.test(output) : code === 3 && isTooOld;
  tell(`${isGood ? 'ok    ' : 'failed'} the machine's own Node: ${output.trim()}`);
  return isGood ? [] : [`the machine's own Node: exit code ${code}: ${output}`];
}

interface Installation {
  readonly folder: string;
  /** The folder of the executable; undefined for the machine's own Node. */
  readonly node: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

interface Use {
  readonly name: string;
  /** @returns why it does not work; undefined if it does. */
  works(installation: Installation): Promise<string | undefined>;
}

const USES: readonly Use[] = [
  {
    name: 'npx run is conformant on the embedded AWS, with its reports in the working folder',
    works: async (installation) => {
      const { code, output } = await npx(installation, ['run']);
      if (code !== 0 || !/^verdict +conformant/m.test(output))
        return `exit code ${code}: ${output.slice(-2000)}`;
      const file = path.join(installation.folder, 'reports/embedded/conformance.json');
      const { verdict, suite } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      rmSync(path.join(installation.folder, 'reports'), { recursive: true });
      return verdict === 'conformant' ? undefined : `${verdict} ${JSON.stringify(suite)}`;
    },
  },
  {
    name: 'a CloudFormation template is judged on two worker threads, and is not conformant',
    works: async (installation) => {
      const template = path.join(installation.folder, 'template.yaml');
      writeFileSync(template, readFileSync(path.join(ROOT, 'selftest/corpus/cfn-several-puts.yaml')));
      const argv = ['run', '--definition', template, '--parallel', '2', '--clause', 'SAFE-1'];
      const { code, output } = await npx(installation, argv);
      return code === 1 && /^verdict +not-conformant/m.test(output)
        ? undefined
        : `exit code ${code}: ${output.slice(-2000)}`;
    },
  },
  {
    name: 'import { run }: its types compile, and it returns results',
    works: importsRun,
  },
  {
    name: 'inspect, export, clauses show and help name the bin',
    works: async (installation) => {
      for (const argv of [
        ['inspect', 'tutorial'],
        ['export', 'hardened', '--as', 'cloudformation'],
        ['clauses', 'show', 'PUT-3'],
        ['--help'],
        ['run', '--help'],
      ]) {
        const { code, output } = await npx(installation, argv);
        if (code !== 0) return `${argv.join(' ')}: exit code ${code}: ${output}`;
        if (/npm run/.test(output)) return `${argv.join(' ')} names npm run: ${output}`;
      }
      return undefined;
    },
  },
  {
    name: 'invalid calls are refused with 3, and developers’ commands do not exist',
    works: async (installation) => {
      for (const [argv, text] of [
        [['run', '--levle', 'core'], /did you mean --level\?/],
        [['selftest'], /unknown command selftest/],
        [['dev', 'check'], /unknown command dev/],
      ] as const) {
        const { code, output } = await npx(installation, argv);
        if (code !== 3 || !text.test(output)) return `${argv.join(' ')}: exit code ${code}: ${output}`;
      }
      return undefined;
    },
  },
];

/** In TypeScript, compiled by this project's compiler with every declaration checked. */
async function importsRun({ folder, node, env }: Installation): Promise<string | undefined> {
  writeFileSync(
    path.join(folder, 'judge.ts'),
    `import { type Results, run, UsageError } from 'kinesis-proxy-conformance';

const results: Results = await run({ clause: ['PUT-3'], parallel: 0 });
const refused: unknown = await run({ level: 'core', clause: ['NO-1'] }).catch((error: unknown) => error);
// @ts-expect-error there is no such option
void (() => run({ levle: 'core' }));
if (!(refused instanceof UsageError)) throw new Error('not refused');
export const verdict: string = results.verdict;
process.stdout.write(verdict);
`,
  );
  const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  const types = ['--types', 'node', '--typeRoots', path.join(ROOT, 'node_modules/@types')];
  const flags = ['--module', 'nodenext', '--target', 'es2024', '--strict', ...types];
  const compiled = await outputOf(process.execPath, [tsc, ...flags, 'judge.ts'], { cwd: folder, env });
  if (compiled.code !== 0) return `it does not compile: ${compiled.output}`;
  const executable = path.join(node ?? '', process.platform === 'win32' ? 'node.exe' : 'node');
  const { code, output } = await outputOf(executable, ['judge.js'], { cwd: folder, env });
  return code === 0 && output === 'conformant' ? undefined : `exit code ${code}: ${output}`;
}

function npx(
  { folder, node, env }: Installation,
  argv: readonly string[],
): Promise<{ code: number; output: string }> {
  const PATH = node === undefined ? env.PATH : `${node}${path.delimiter}${env.PATH}`;
  return outputOf('npx', ['--no', '--', BIN, ...argv], {
    cwd: folder,
    env: { ...env, PATH },
    shell: process.platform === 'win32',
  });
}

function outputOf(
  program: string,
  argv: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; shell?: boolean },
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(program, argv, { ...options, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 255), output: stdout + stderr }),
    );
  });
}

/** The environment without what this project's npm and options set, and without its Node in the path. */
function userEnvironment(): NodeJS.ProcessEnv {
  const { NODE_COMPILE_CACHE: _, PATH = '', ...rest } = withoutOptions(process.env);
  const own = path.join('node_modules', '.bin');
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([name]) => !/^npm_(?!config_registry$)/i.test(name))),
    PATH: PATH.split(path.delimiter)
      .filter((folder) => !folder.endsWith(own))
      .join(path.delimiter),
  };
}

/** npm offers Node as a package for each platform. @returns the folder of the executable. */
async function nodeOf(version: string): Promise<string> {
  const folder = path.join(CACHE, version);
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const bin = path.join(folder, 'node_modules', name, 'bin');
  if (!existsSync(bin)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
    await npm(['install', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`], {
      cwd: folder,
    });
  }
  return bin;
}
