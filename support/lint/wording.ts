import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readYaml } from '../../infra/yaml.ts';
import { trackedFiles } from './files.ts';

const LIST = 'support/lint/wording.yaml';

/**
 * The files that people write for this project. Facts quote AWS, results and the changelog are history, and hostile
 * input is test data.
 */
const READ = /\.(ts|mjs|eta|feature|md)$|^features\/catalogue\.yaml$/;
const UNREAD =
  /^(results|bench\/results|docs\/facts|selftest\/hostile|CHANGELOG\.md)|^support\/lint\/wording\./;

interface Word {
  readonly word: string;
  readonly better: string;
}

/** The words that the project avoids; {@link LIST} explains where each applies. */
export interface Wording {
  /** In identifiers and paths: parts of them, such as `wish` in `TargetWish` and `wishes`. */
  readonly names: readonly Word[];
  /** In all text for readers. */
  readonly text: readonly Word[];
}

/**
 * Finds the words of `support/lint/wording.yaml` in the project's own files.
 * @param root the folder of the repository.
 */
export function lintWording(root: string): string[] {
  const wording = readYaml(readFileSync(path.join(root, LIST), 'utf8')) as Wording;
  return trackedFiles(root)
    .filter((name) => READ.test(name) && !UNREAD.test(name))
    .flatMap((name) => avoided(name, readFileSync(path.join(root, name), 'utf8'), wording));
}

/** As {@link lintWording}, for one file. */
export function avoided(name: string, content: string, { names, text }: Wording): string[] {
  const isCode = /\.(ts|mjs)$/.test(name);
  const inPath = isCode ? found(name, names, asName).map(([, said]) => `${name}: ${said}`) : [];
  const inContent = [...(isCode ? found(content, names, asName) : []), ...found(content, text, asText)];
  return [...inPath, ...inContent.map(([line, said]) => `${name}:${line}: ${said}`)];
}

function found(
  content: string,
  words: readonly Word[],
  pattern: (word: string) => RegExp,
): [line: number, said: string][] {
  return words.flatMap(({ word, better }) =>
    [...content.matchAll(pattern(word))].map((match): [number, string] => [
      content.slice(0, match.index).split('\n').length,
      `"${match[0]}" is avoided (${LIST}); better: ${better}`,
    ]),
  );
}

/** The start of a word within an identifier: of `TargetWish` and `wishes`, not of `rewish`. */
function asName(word: string): RegExp {
  if (/^[A-Z]+_$/.test(word)) return new RegExp(`\\b${word}(?=[A-Z])`, 'g');
  const capital = `${word[0]?.toUpperCase()}${word.slice(1)}`;
  return new RegExp(`(?<![A-Za-z])${word}|(?<![A-Z])${capital}`, 'g');
}

/** Whole words, also across a line break and the comment sign that follows it. */
function asText(words: string): RegExp {
  return new RegExp(`\\b${words.split(' ').join('(?: |\\s*\\n\\s*(?:\\*|//|#)?\\s*)')}\\b`, 'gi');
}
