import { test } from 'node:test';
import { expect } from 'chai';
import type { ScenarioResult } from '../run/results.ts';
import { failuresOf } from './failures.ts';
import { sampleResults } from './testing/sample.ts';

const [, failed] = sampleResults().scenarios as [ScenarioResult, ScenarioResult];
const [clause] = sampleResults().clauses;

function scenario(id: string, clauses: string[], type: 'context' | 'action' | 'outcome'): ScenarioResult {
  const feature = `features/${id.split(':')[0]}`;
  return { ...failed, id, feature, clauses, failedStep: { text: 'it holds', line: 3, type } };
}

function grouped(...scenarios: ScenarioResult[]) {
  const ids = [...new Set(scenarios.flatMap(({ clauses }) => clauses))];
  if (!clause) throw new Error('the sample has a clause');
  const clauses = ids.map((id) => ({ ...clause, id, result: 'failed' as const }));
  return failuresOf({ scenarios, clauses }).map(({ clauses: own, scenarios: all, follows }) => [
    own.map(({ id }) => id).join(' '),
    all.map(({ id }) => id.split(': ')[1]).join(' '),
    follows,
  ]);
}

test('failures are grouped by clause, with failures of a Then first', () => {
  expect(
    grouped(
      scenario('a.feature: call', ['A-1'], 'action'),
      scenario('a.feature: outcome', ['A-1'], 'outcome'),
      scenario('b.feature: two', ['B-1', 'B-2'], 'outcome'),
      scenario('c.feature: one', ['C-1'], 'outcome'),
    ),
  ).to.deep.equal([
    ['A-1', 'outcome call', false],
    ['C-1', 'one', false],
    ['B-1 B-2', 'two', false],
  ]);
});

test('scenarios that failed before their subject follow from others, and journeys come last', () => {
  expect(
    grouped(
      scenario('journeys/x.feature: journey', ['J-1'], 'outcome'),
      scenario('a.feature: given', ['A-1'], 'context'),
      scenario('b.feature: call', ['B-1'], 'action'),
    ),
  ).to.deep.equal([
    ['B-1', 'call', false],
    ['A-1', 'given', true],
    ['J-1', 'journey', true],
  ]);
});

test('the most specific failure follows from no other', () => {
  expect(grouped(scenario('a.feature: given', ['A-1'], 'context'))).to.deep.equal([['A-1', 'given', false]]);
});

test('a clause follows from another that breaks it, if that one fails', () => {
  if (!clause) throw new Error('the sample has a clause');
  const scenarios = [
    scenario('a.feature: mine', ['A-2'], 'outcome'),
    scenario('b.feature: cause', ['A-1'], 'action'),
  ];
  const clauses = ['A-1', 'A-2'].map((id) => ({ ...clause, id, ...(id === 'A-2' && { follows: ['A-1'] }) }));
  const told = (own: typeof scenarios) =>
    failuresOf({ scenarios: own, clauses }).map(({ scenarios: [first], follows }) => [
      first.clauses[0],
      follows,
    ]);
  expect(told(scenarios)).to.deep.equal([
    ['A-1', false],
    ['A-2', true],
  ]);
  expect(told(scenarios.slice(0, 1))).to.deep.equal([['A-2', false]]);
});

test('a clause that a weakness of its own breaks follows from no other', () => {
  const [exchange] = failed.exchanges;
  if (!exchange || !clause) throw new Error('the sample has an exchange and a clause');
  const { method, url } = exchange.request;
  const called = (name: string, id: string) => ({
    ...scenario(name, [id], 'outcome'),
    exchanges: [exchange],
  });
  const scenarios = [called('a.feature: mine', 'A-2'), called('b.feature: cause', 'A-1')];
  const clauses = ['A-1', 'A-2'].map((id) => ({ ...clause, id, ...(id === 'A-2' && { follows: ['A-1'] }) }));
  const weakOf = (...broken: string[]) => ({
    source: 'definition' as const,
    calls: [],
    absent: [],
    weak: [{ what: 'x', where: `${method} ${new URL(url).pathname}`, why: 'y', clauses: broken }],
  });
  const followsOf = (...broken: string[]) =>
    failuresOf({ scenarios, clauses, interface: weakOf(...broken) as never }).find(
      ({ clauses: [first] }) => first?.id === 'A-2',
    )?.follows;
  expect(followsOf('A-2')).to.equal(false);
  expect(followsOf('A-1', 'A-2')).to.equal(true);
  expect(followsOf('A-1')).to.equal(true);
});

test('of equally specific failures, the one with the shortest calls comes first, one without calls last', () => {
  const [exchange] = failed.exchanges;
  if (!exchange) throw new Error('the sample has an exchange');
  const long = { ...exchange, response: { ...exchange.response, body: 'x'.repeat(5_000) } };
  const own = (name: string, exchanges: ScenarioResult['exchanges']) => ({
    ...scenario(`a.feature: ${name}`, ['A-1'], 'outcome'),
    exchanges,
  });
  expect(
    grouped(own('none', []), own('long', [long]), own('short', [exchange]), own('other', [])),
  ).to.deep.equal([['A-1', 'short long none other', false]]);
});

test('one wrong answer belongs to the first clause that it breaks, a refused right call before others', () => {
  const [exchange] = failed.exchanges;
  if (!exchange || !clause) throw new Error('the sample has an exchange and a clause');
  const answering = (id: string, status: number, body: string, begin = '') => ({
    ...scenario(`a.feature: ${id}`, [id], 'outcome'),
    reason: `${begin}${exchange.request.method} ${exchange.request.url} answered ${status} ${body}`,
    exchanges: [{ ...exchange, response: { ...exchange.response, status, body } }],
  });
  const right = 'expected success, and ';
  const judge = (weak: readonly unknown[], ...scenarios: ScenarioResult[]) => {
    const clauses = ['A-1', 'A-2', 'A-3'].map((id) => ({
      ...clause,
      id,
      ...(id === 'A-3' && { alike: ['A-1'] }),
    }));
    return failuresOf({ scenarios, clauses, interface: { weak } as never }).map(
      ({ clauses: [first], follows }) => [first?.id, follows],
    );
  };
  const own = (...scenarios: ScenarioResult[]) => judge([], ...scenarios);
  const broken = '{"message": "Internal server error"}';
  expect(own(answering('A-1', 500, broken), answering('A-2', 500, broken, right))).to.deep.equal([
    ['A-2', false],
    ['A-1', true],
  ]);
  expect(own(answering('A-1', 500, broken), answering('A-2', 500, broken))).to.deep.equal([
    ['A-1', false],
    ['A-2', true],
  ]);
  const denied = (id: string) => `{"type":"AccessDenied","stream":"kpc-${id}0a1b2c3d"}`;
  expect(own(answering('A-1', 403, denied('1'), right), answering('A-2', 403, denied('2')))).to.deep.equal([
    ['A-1', false],
    ['A-2', true],
  ]);
  // Another wrong answer is a defect of its own.
  expect(own(answering('A-1', 400, '{"a":1}'), answering('A-2', 400, '{"a":1}'))).to.deep.equal([
    ['A-1', false],
    ['A-2', false],
  ]);
  expect(own(answering('A-1', 400, '{"a":1}'), answering('A-3', 400, '{"a":1}'))).to.deep.equal([
    ['A-1', false],
    ['A-3', true],
  ]);
  expect(own(answering('A-1', 400, '{"a":1}'), answering('A-3', 400, '{"b":1}'))).to.deep.equal([
    ['A-1', false],
    ['A-3', false],
  ]);
  // What a right call is answered may be wrong for other calls by itself, and the definition shows why.
  const { method, url } = exchange.request;
  const weakness = {
    what: 'a status',
    where: `${method} ${new URL(url).pathname}`,
    why: 'x',
    clauses: ['A-2'],
  };
  expect(
    judge([weakness], answering('A-1', 403, denied('1'), right), answering('A-2', 403, denied('2'))),
  ).to.deep.equal([
    ['A-1', false],
    ['A-2', false],
  ]);
});
