import assert from 'node:assert/strict';
import type { Call } from '../../infra/definition/interface/types.ts';
import { sampleResults } from '../../support/report/testing/sample.ts';
import type { Results } from '../../support/run/results.ts';

const CALL: Call = {
  action: 'PutRecord',
  method: 'PUT',
  path: '/x',
  contentType: 'application/json',
  errors: 'as-200',
  statuses: {},
  success: 200,
  auth: 'none',
  apiKeyRequired: false,
  contentTypes: [],
  passthrough: false,
  required: [],
  response: 'pass-through',
  undetermined: [],
};

const ESC = '\u001b';
/** What terminals, logs, Markdown and HTML interpret, in one text; each part is also searched for separately. */
export const HOSTILE = [
  `${ESC}[2J${ESC}]0;title\u0007${ESC}[8m\u009b31m\r`,
  '\n::error::planted\n  ::add-mask::planted\n\u00a0::stop-commands::planted\r::warning::planted',
  '##[error]planted ##vso[task.setvariable variable=x]planted ##teamcity[message]',
  '\u202eplanted\u2066\u200f\u200b\ufeff\u2028::notice::planted\u0085::notice::planted\ud800',
  '</script><script>planted()</script><img src=x onerror=planted()> <!-- --> ]]>',
  '| a | `b` **c** [d](https://planted.example) ![e](https://planted.example/x.png) @planted planted/planted#1',
].join(' ');

/** Checks what no output may contain, whatever its format. */
export function assertInert(text: string, where: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the test searches for them.
  const control = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Cs}/u;
  assert.doesNotMatch(text, control, `${where}: a control character`);
}

/** Checks what a CI log must not contain. */
export function assertNoCommand(text: string, where: string): void {
  assertInert(text, where);
  assert.doesNotMatch(text, /##[a-z]*\[/i, where);
  for (const line of text.split('\n'))
    if (!/^::error (?:file|title)=[^\n]*?::/.test(line))
      assert.doesNotMatch(line, /^\s*::/, `${where}: ${line}`);
}

/** Checks Markdown outside code, where only the suite's own text may be markup. */
export function assertNoMarkup(text: string, where: string): void {
  assertInert(text, where);
  const outside = text.replace(/^(`{3,})\n[\s\S]*?\n\1$/gm, '').replace(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, '');
  assert.doesNotMatch(outside, /<(?!br>|!-- kinesis-proxy)|planted|\]\(|@/, where);
}

/** A run's results, with hostile text wherever others can write. */
export function hostileResults(): Results {
  const results = sampleResults();
  const text = `planted ${HOSTILE}`;
  return {
    ...results,
    because: text,
    target: {
      ...results.target,
      name: text,
      version: text,
      endpoint: text,
      region: text,
      details: { [text]: text },
    },
    definition: { ...results.definition, name: text, leftOut: [{ what: text, place: text, why: text }] },
    exclusions: [{ clause: 'SAFE-14', reason: text }],
    selection: { ...results.selection, description: text },
    clauses: results.clauses.map((clause) => ({
      ...clause,
      statement: text,
      source: text,
      remedy: text,
    })),
    interface: {
      source: text,
      calls: [{ ...CALL, action: text, path: text, stream: { fixed: text } }],
      absent: [text],
      weak: [],
    },
    scenarios: results.scenarios.map((scenario) => ({
      ...scenario,
      name: text,
      reason: text,
      observations: [text],
      weaknesses: [text],
      failedStep: { text, line: 1 },
      mapped: { action: text, body: text, broken: text },
      executionLogs: [text],
      exchanges: scenario.exchanges.map((exchange) => ({
        ...exchange,
        response: { status: 200, headers: { 'x-planted': text }, body: text },
      })),
    })),
    divergences: [
      {
        clause: results.clauses[0]?.id as string,
        reason: text,
        link: text,
        expires: '2099-01-01',
        status: 'expected',
      },
    ],
  };
}
