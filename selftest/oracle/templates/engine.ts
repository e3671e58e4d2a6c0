import path from 'node:path';
import { installJava } from '../java.ts';
import { startJava } from '../java-process.ts';
import type { Answer, TemplateCase } from './case.ts';

const HERE = import.meta.dirname;
/** Debian's packages velocity and libjsonpath-java, with their dependencies. */
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
  /** `minimalEscapes`: write JSON text with only the escapes that JSON requires; the library escapes more. */
  render(request: TemplateCase & { readonly minimalEscapes?: boolean }): Promise<Answer>;
  stop(): Promise<void>;
}

/** @throws OracleUnavailable where Java or the libraries is not available. */
export async function startVelocity(): Promise<VelocityEngine> {
  const classPath = await installJava({
    name: 'template-oracle',
    pom: path.join(HERE, 'pom.xml'),
    source: path.join(HERE, 'Oracle.java'),
    fallback: DEBIAN_JARS,
    remedy:
      'install a JDK 11 or newer and Maven, or on Debian: apt-get install default-jdk-headless velocity libjsonpath-java',
  });
  const { ask, stop } = startJava<Parameters<VelocityEngine['render']>[0], Answer>(classPath, 'Oracle');
  return { render: ask, stop };
}
