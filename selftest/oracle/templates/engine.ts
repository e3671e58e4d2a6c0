import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { OracleUnavailable } from '../report.ts';
import type { Answer, TemplateCase } from './case.ts';

const HERE = import.meta.dirname;
const CACHE = path.resolve(HERE, '../../../node_modules/.cache/template-oracle');
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
/** Debian's packages velocity and libjsonpath-java, with what they stand on. */
const DEBIAN_JARS = [
  'velocity',
  'commons-collections3',
  'commons-lang',
  'json-path',
  'json-smart',
  'accessors-smart',
  'objectweb-asm',
  'slf4j-api',
].map((name) => `/usr/share/java/${name}.jar`);

const run = promisify(execFile);

/** Apache Velocity 1.7 and Jayway JsonPath in a Java process. */
export interface VelocityEngine {
  /** `minimalEscapes`: write JSON text with no more escapes than JSON asks for; the library escapes more. */
  render(request: TemplateCase & { readonly minimalEscapes?: boolean }): Promise<Answer>;
  stop(): Promise<void>;
}

/** @throws OracleUnavailable where Java or the libraries cannot be had. */
export async function startVelocity(): Promise<VelocityEngine> {
  const classPath = await install();
  // One core's worth of compiler: this is a short-lived process with small work.
  const java = spawn('java', ['-XX:TieredStopAtLevel=1', '-Xss4m', '-cp', classPath, 'Oracle'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return converse(java);
}

function converse(java: ChildProcess): VelocityEngine {
  const { stdin, stdout, stderr } = java;
  if (stdin === null || stdout === null || stderr === null) throw new Error('the Java process has no pipes');
  const waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  let complaints = '';
  stderr.on('data', (chunk) => {
    complaints = (complaints + chunk).slice(-2000);
  });
  const fail = (error: Error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  java.on('error', fail);
  const ended = new Promise<void>((resolve) => {
    java.on('close', (code) => {
      fail(new Error(`the Java process ended with code ${code}: ${complaints.trim()}`));
      resolve();
    });
  });
  stdin.on('error', fail);
  createInterface({ input: stdout }).on('line', (line) =>
    waiting.shift()?.resolve(JSON.parse(line) as Answer),
  );
  return {
    render: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        stdin.write(`${JSON.stringify(request)}\n`);
      }),
    stop: () => {
      stdin.end();
      return ended;
    },
  };
}

/** @returns the class path; what is fetched and compiled stays in a cache folder that follows the sources. */
async function install(): Promise<string> {
  const pom = path.join(HERE, 'pom.xml');
  const source = path.join(HERE, 'Oracle.java');
  const digest = createHash('sha256').update(readFileSync(pom)).update(readFileSync(source)).digest('hex');
  const folder = path.join(CACHE, digest.slice(0, 16));
  const classPathFile = path.join(folder, 'class-path');
  if (existsSync(classPathFile)) return readFileSync(classPathFile, 'utf8');
  rmSync(CACHE, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const libraries = await findLibraries(pom, path.join(folder, 'lib'));
  const classes = path.join(folder, 'classes');
  try {
    await run('javac', ['-nowarn', '-cp', libraries, '-d', classes, source]);
  } catch (error) {
    throw unavailable(`javac does not compile Oracle.java (${firstLine(error)})`);
  }
  const classPath = `${classes}${path.delimiter}${libraries}`;
  writeFileSync(classPathFile, classPath);
  return classPath;
}

async function findLibraries(pom: string, folder: string): Promise<string> {
  try {
    await run('mvn', ['-q', '-B', '-f', pom, COPY, `-DoutputDirectory=${folder}`], { timeout: 300_000 });
  } catch (error) {
    if (DEBIAN_JARS.every((jar) => existsSync(jar))) return DEBIAN_JARS.join(path.delimiter);
    throw unavailable(`mvn does not fetch Velocity and JsonPath (${firstLine(error)})`);
  }
  return readdirSync(folder)
    .map((jar) => path.join(folder, jar))
    .join(path.delimiter);
}

function unavailable(cause: string): OracleUnavailable {
  return new OracleUnavailable(
    `${cause}; install a JDK 11 or newer and Maven, or on Debian: apt-get install default-jdk-headless velocity libjsonpath-java`,
  );
}

function firstLine(error: unknown): string {
  const { message, stdout } = error as { message?: string; stdout?: string };
  const lines = `${stdout ?? ''}\n${message ?? error}`.split('\n').filter((line) => /\S/.test(line));
  return (lines.find((line) => /error/i.test(line)) ?? lines[0] ?? 'no cause given').trim();
}
