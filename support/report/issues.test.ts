import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planIssues } from './issues.ts';
import { sampleResults } from './testing/sample.ts';

const RUN = { url: 'https://github.com/o/r/actions/runs/7', today: '2026-06-15' };
const failing = sampleResults({ verdict: 'not-conformant', because: 'failed: LIST-1' });
const passing = sampleResults({
  verdict: 'conformant',
  clauses: failing.clauses.map((clause) => ({ ...clause, result: 'passed' as const })),
});

/** An issue that a plan opened, as the tracker shows it later. */
function opened(plan: ReturnType<typeof planIssues>, number = 5) {
  const [action] = plan;
  assert.equal(action?.kind, 'open');
  return { number, body: (action as { body: string }).body };
}

test('a newly failing clause gets an issue that says what failed and where', () => {
  const [action, ...more] = planIssues(failing, [], RUN);
  assert.deepEqual(more, []);
  assert.equal(action?.kind, 'open');
  assert.ok(action.kind === 'open');
  assert.match(action.title, /^LIST-1 fails on/);
  for (const part of ['The list holds names.', 'features/', RUN.url, 'First seen 2026-06-15'])
    assert.ok(action.body.includes(part), `${part} is not in ${action.body}`);
});

test('while the clause fails, the same issue is rewritten, and keeps its first day', () => {
  const first = opened(planIssues(failing, [], { ...RUN, today: '2026-06-10' }));
  const [action, ...more] = planIssues(failing, [{ number: 1, body: 'another user wrote this' }, first], RUN);
  assert.deepEqual(more, []);
  assert.ok(action?.kind === 'update');
  assert.equal(action.number, 5);
  assert.match(action.body, /First seen 2026-06-10, last in \[the run of 2026-06-15\]/);
});

test('once the clause passes, its issue is closed, and no other', () => {
  const issue = opened(planIssues(failing, [], RUN));
  const others = [
    { number: 1, body: 'LIST-1 is on my mind' },
    { number: 2, body: '<!-- kinesis-proxy-conformance {broken -->' },
  ];
  const actions = planIssues(passing, [...others, issue], RUN);
  assert.deepEqual(
    actions.map(({ kind, ...rest }) => [kind, 'number' in rest && rest.number]),
    [['close', 5]],
  );
});

test('issues of clauses that a run did not decide are neither opened nor closed', () => {
  const issue = opened(planIssues(failing, [], RUN));
  const open = failing.clauses.map((clause) => ({ ...clause, result: 'not-observable' as const }));
  const partial = sampleResults({ verdict: 'partial', because: 'inconclusive: LIST-1', clauses: open });
  assert.deepEqual(
    planIssues(partial, [issue], RUN).map(({ kind, subject }) => [kind, subject]),
    [['open', 'verdict']],
  );
});

test('a failed run has a separate issue, and closes no other', () => {
  const issue = opened(planIssues(failing, [], RUN));
  for (const results of [undefined, sampleResults({ verdict: 'error', because: 'the target died' })]) {
    const actions = planIssues(results, [issue], RUN);
    assert.deepEqual(
      actions.map(({ kind, subject }) => [kind, subject]),
      [['open', 'run']],
    );
    const run = opened(actions, 9);
    assert.deepEqual(
      planIssues(passing, [run], RUN).map(({ kind, subject }) => [kind, subject]),
      [['close', 'run']],
    );
  }
});

test('issues contain no secrets or account ids, and no text can break out of its quotation', () => {
  const reason = 'seen arn:aws:iam::210987654321:role/r\n```\n# not a heading\n````';
  const scenarios = failing.scenarios.map((scenario) => ({ ...scenario, reason }));
  const { body } = opened(planIssues({ ...failing, scenarios }, [], RUN));
  assert.ok(!body.includes('210987654321'), body);
  assert.match(body, /\n`{5}\nseen /);
});
