import { readFileSync } from 'node:fs';
import { readYaml } from '../../infra/yaml.ts';

/** A definition of the corpus, and what is to be found in it. */
export interface Entry {
  /** In this folder. */
  readonly file: string;
  readonly form: string;
  readonly why: string;
  /** What a user gives with `--parameter` and `--api`. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly api?: string;
  /** The methods that reach Kinesis. */
  readonly calls: readonly { readonly action: string; readonly method: string; readonly path: string }[];
  readonly expected: Expected;
}

/** What a run on the embedded AWS finds. */
export interface Expected {
  readonly verdict: 'conformant' | 'not-conformant' | 'partial';
  /** The clauses that fail, each with what is wrong with the definition. */
  readonly failed?: Readonly<Record<string, string>>;
  /** The clauses that it cannot be asked, each with what it lacks. */
  readonly notApplicable?: Readonly<Record<string, string>>;
  /** The clauses that could not be seen, each with the reason. */
  readonly notObservable?: Readonly<Record<string, string>>;
}

export const CORPUS = new URL('./', import.meta.url);

/** The definitions that a list of the corpus names. */
export function entriesOf(list: 'corpus.yaml' | 'terraform.yaml'): Entry[] {
  return readYaml(readFileSync(new URL(list, CORPUS), 'utf8')) as Entry[];
}
