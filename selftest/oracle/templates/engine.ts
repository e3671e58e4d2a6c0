import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { installJava } from '../java.ts';
import type { Answer, TemplateCase } from './case.ts';

const HERE = import.meta.dirname;
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

/** Apache Velocity 1.7 and Jayway JsonPath in a Java process. */
export interface VelocityEngine {
  /** `minimalEscapes`: write JSON text with no more escapes than JSON asks for; the library escapes more. */
  render(request: TemplateCase & { readonly minimalEscapes?: boolean }): Promise<Answer>;
  stop(): Promise<void>;
}

/** @throws OracleUnavailable where Java or the libraries cannot be had. */
export async function startVelocity(): Promise<VelocityEngine> {
  const classPath = await installJava({
    name: 'template-oracle',
    pom: path.join(HERE, 'pom.xml'),
    source: path.join(HERE, 'Oracle.java'),
    fallback: DEBIAN_JARS,
    remedy:
      'install a JDK 11 or newer and Maven, or on Debian: apt-get install default-jdk-headless velocity libjsonpath-java',
  });
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
