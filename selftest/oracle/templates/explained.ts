import type { Explanation } from '../report.ts';
import type { Answer, TemplateCase } from './case.ts';
import type { VelocityEngine } from './engine.ts';

interface TemplateDifference extends Explanation {
  explains(difference: Difference): boolean | Promise<boolean>;
}

interface Difference {
  readonly request: TemplateCase;
  readonly expected: Answer;
  readonly actual: Answer;
  readonly velocity: Pick<VelocityEngine, 'render'>;
}

/** Every way in which the embedded AWS is known to differ from Apache Velocity 1.7 and Jayway JsonPath. */
export const EXPLANATIONS: readonly TemplateDifference[] = [
  {
    kind: 'json-escapes',
    reason:
      'json-smart writes / as \\/ where a list prints, and U+007F to U+009F and U+2000 to U+20FF as \\uXXXX everywhere',
    fact: 'docs/facts/README.md#unrecorded: the escaping of $input.json is unrecorded; PUT-6 requires that the text survives byte for byte',
    explains: async ({ request, actual, velocity }) =>
      agree(await velocity.render({ ...request, minimalEscapes: true }), actual),
  },
  {
    kind: 'number-text',
    reason: "json-smart rewrites 1.50 as 1.5 and 1e3 as 1000.0; the embedded AWS keeps the client's digits",
    fact: 'PUT-3: what is stored is the JSON text of Data',
    // The same text may have escapes of json-smart as well.
    explains: async ({ request, actual, velocity }) =>
      /\d\.\d*0(?!\d)|\d\.000|\d[eE]|\d\.\d{17}/.test(request.body + request.variables) &&
      withoutNumberNotation(await velocity.render({ ...request, minimalEscapes: true })) ===
        withoutNumberNotation(actual),
  },
  {
    kind: 'evaluate-printed',
    reason: 'AWS prints #evaluate, #parse and #include; plain Velocity runs them',
    fact: 'docs/facts/templates.md#values, REC AIR',
    explains: ({ request }) => /#(?:evaluate|parse|include)\(/.test(request.template),
  },
  {
    kind: 'refused-not-guessed',
    reason:
      'Java has more methods, JSONPath more functions and regular expressions more constructs than the embedded AWS, which ends the rendering with an error there',
    fact: 'docs/oracles.md: what is not emulated is an error that names it, never silently another value',
    explains: ({ expected, actual }) =>
      'text' in expected &&
      'error' in actual &&
      /\b(?:is|are) not (?:emulated|supported)\b/.test(actual.error),
  },
  {
    kind: 'address-of-an-array',
    reason:
      'Java prints an array, such as the result of split, by its address; the embedded AWS writes 0 instead',
    fact: 'the address differs in every process',
    explains: async ({ request, actual, velocity }) => {
      const expected = await velocity.render({ ...request, minimalEscapes: true });
      if (!('text' in expected && 'text' in actual && actual.text.includes(';@0'))) return false;
      return agree({ text: expected.text.replace(/(\[L[\w.]+;@)[\da-f]+/g, '$10') }, actual);
    },
  },
  {
    kind: 'word-before-set',
    reason:
      "Velocity's lexer drops the blanks between a word and #set where a reference without braces ends right before the word, or before an earlier #set",
    fact: 'docs/facts/templates.md#directives, REC AIR: blanks before #set are kept after text',
    explains: ({ request, expected, actual }) =>
      'text' in expected &&
      'text' in actual &&
      /\)[ \t\n]*[a-zA-Z]+[ \t]+#set\(/.test(request.template) &&
      withoutBlanks(expected.text) === withoutBlanks(actual.text),
  },
];

export async function explain(difference: Difference): Promise<Explanation | undefined> {
  for (const explanation of EXPLANATIONS) if (await explanation.explains(difference)) return explanation;
  return undefined;
}

export function agree(expected: Answer, actual: Answer): boolean {
  if ('error' in expected || 'error' in actual) return 'error' in expected && 'error' in actual;
  return expected.text === inUtf8(actual.text);
}

/** UTF-8 cannot encode a lone surrogate; Java writes a question mark instead. */
function inUtf8(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed().replaceAll('\uFFFD', '?');
}

function withoutBlanks(text: string): string {
  return text.replaceAll(/[ \t]/g, '');
}

function withoutNumberNotation(answer: Answer): string | undefined {
  if ('error' in answer) return undefined;
  return answer.text.replace(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (number) => String(Number(number)));
}
