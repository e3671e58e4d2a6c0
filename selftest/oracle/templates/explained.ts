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
    fact: 'facts 6: the escaping of $input.json is unrecorded; PUT-6 has the text survive byte for byte',
    explains: async ({ request, actual, velocity }) =>
      agree(await velocity.render({ ...request, minimalEscapes: true }), actual),
  },
  {
    kind: 'number-text',
    reason: "json-smart rewrites 1.50 as 1.5 and 1e3 as 1000.0; the embedded AWS keeps the client's digits",
    fact: 'PUT-3: what is stored is the JSON text of Data',
    explains: ({ request, expected, actual }) =>
      /\d\.\d*0(?!\d)|\d[eE]|\d\.\d{17}/.test(request.body + request.variables) &&
      withoutNumberNotation(expected) === withoutNumberNotation(actual),
  },
  {
    kind: 'evaluate-printed',
    reason: 'AWS prints #evaluate, #parse and #include, plain Velocity runs them',
    fact: 'facts 3.2, REC AIR',
    explains: ({ request }) => /#(?:evaluate|parse|include)\(/.test(request.template),
  },
  {
    kind: 'changed-in-its-loop',
    reason:
      'Java reads, or refuses to read on in, a map or list that its own loop changes; the embedded AWS goes through what was there',
    fact: 'unrecorded on AWS; no template of the project does it',
    explains: ({ request: { template } }) =>
      /#foreach\(\$i in \$[lm]/.test(template) &&
      /#set\(\$[lm][.[]|\.(?:put|remove|add|clear|set)\(/.test(template),
  },
  {
    kind: 'map-within-itself',
    reason:
      'Java overflows its stack where it looks at a map that was put into itself; the embedded AWS may not',
    fact: 'unrecorded on AWS; no template of the project does it',
    explains: ({ request: { template }, expected }) =>
      'error' in expected &&
      expected.error.includes('StackOverflowError') &&
      /#set\(\$[lmxy][.[][^=]*=.*\$!?\{?[lmxy]|\.(?:put|add|set)\(.*\$!?\{?[lmxy]/s.test(template),
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

/** Half of a surrogate pair has no UTF-8, and Java writes a question mark for it. */
function inUtf8(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed().replaceAll('\uFFFD', '?');
}

function withoutNumberNotation(answer: Answer): string | undefined {
  if ('error' in answer) return undefined;
  return answer.text.replace(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (number) => String(Number(number)));
}
