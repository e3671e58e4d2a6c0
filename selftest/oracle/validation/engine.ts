import path from 'node:path';
import { installJava } from '../java.ts';
import { type JavaProcess, startJava } from '../java-process.ts';
import type { Answer, ValidationCase } from './case.ts';

const HERE = import.meta.dirname;

/** json-schema-validator in a Java process. @throws OracleUnavailable where Java or the library is not available. */
export async function startValidator(): Promise<JavaProcess<ValidationCase, Answer>> {
  const classPath = await installJava({
    name: 'validation-oracle',
    pom: path.join(HERE, 'pom.xml'),
    source: path.join(HERE, 'Validation.java'),
    remedy: 'install a JDK 11 or newer and Maven',
  });
  return startJava(classPath, 'Validation');
}
