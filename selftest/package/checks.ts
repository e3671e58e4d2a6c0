import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { checkPackage as checkTypes, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { DIST, importsOf, relativeImports } from '../../support/package/build.ts';
import { ROOT } from '../../support/run/suite.ts';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * Checks a package that was just built and packed. @returns the problems, one line each.
 * @param tarball its path.
 */
export async function checkPackage(tarball: string): Promise<string[]> {
  return [
    ...importProblems(),
    ...strayProblems(),
    ...spokenProblems(),
    ...(await lint(tarball)),
    ...(await types(tarball)),
  ];
}

/** Each import resolves within the package or to a declared dependency. */
function importProblems(): string[] {
  const { dependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Manifest;
  const files = new Set(globSync('**/*', { cwd: DIST }).map((file) => path.join(DIST, file)));
  const problems = new Set<string>();
  for (const file of [...files].filter((each) => /\.(m?js|d\.ts)$/.test(each))) {
    const source = readFileSync(file, 'utf8');
    const place = path.relative(DIST, file);
    for (const to of relativeImports(source)) {
      const target = path.resolve(path.dirname(file), to);
      const found = file.endsWith('.d.ts') ? target.replace(/\.[tj]s$/, '.d.ts') : target;
      if (!files.has(found)) problems.add(`${place} imports ${to}, which the package lacks`);
    }
    for (const to of importsOf(source).filter((each) => !each.startsWith('.'))) {
      const name = to
        .split('/')
        .slice(0, to.startsWith('@') ? 2 : 1)
        .join('/');
      if (!isBuiltin(to) && dependencies[name] === undefined)
        problems.add(`${place} imports ${name}, which is not a dependency of the package`);
    }
  }
  return [...problems];
}

/** Data for developers' commands, whose code the package leaves out, so nothing reads it. */
function strayProblems(): string[] {
  return globSync('support/*/', { cwd: DIST })
    .filter((folder) => globSync(`${folder}/**/*.js`, { cwd: DIST }).length === 0)
    .map(
      (folder) =>
        `${folder} has data but no code that reads it; add it to LEFT_OUT in support/package/build.ts`,
    );
}

/** An installed package has no npm scripts, so messages have to name the bin. */
function spokenProblems(): string[] {
  return globSync('**/*.{js,mjs}', { cwd: DIST }).flatMap((file) =>
    readFileSync(path.join(DIST, file), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        /npm (run [a-z]|test\b)/.test(line) &&
        !/^\s*(\*|\/\/|\/\*)/.test(line) &&
        !SPOKEN_OF_CHECKOUTS.test(line)
          ? [`${file}:${index + 1} names an npm script, which only a checkout has: ${line.trim()}`]
          : [],
      ),
  );
}

/** Where `npm run` is correct: the function that chooses the form, and data that only a checkout writes. */
const SPOKEN_OF_CHECKOUTS =
  /`npm run \$\{scriptOf\(name\)\}`|npm run (durations|traceability|weaknesses)\b|: 'run it through npm/;

async function lint(tarball: string): Promise<string[]> {
  const file = readFileSync(tarball);
  const pack = {
    tarball: file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer,
  };
  const { messages, pkg } = await publint({ pack, strict: true, level: 'suggestion' });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

async function types(tarball: string): Promise<string[]> {
  const analysis = await checkTypes(createPackageFromTarballData(readFileSync(tarball)));
  if (analysis.types === false) return ['arethetypeswrong: the package has no types'];
  // The package is ESM, which its Node can require, so CommonJS works as intended.
  return analysis.problems
    .filter(({ kind }) => kind !== 'CJSResolvesToESM')
    .filter((problem) => !('resolutionKind' in problem) || problem.resolutionKind !== 'node10')
    .map((problem) => `arethetypeswrong: ${JSON.stringify(problem)}`);
}
