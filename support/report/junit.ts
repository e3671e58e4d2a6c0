import XMLBuilder from 'fast-xml-builder';
import { visible } from '../client/untrusted-text.ts';
import { plainReason } from '../run/failure.ts';
import type { Results, ScenarioResult } from '../run/results.ts';
import { targetInWords } from '../run/verdict.ts';

interface Suite {
  '@name': string;
  '@tests': number;
  '@failures': number;
  '@errors': number;
  '@skipped': number;
  '@time': string;
  testcase: Record<string, unknown>[];
}

/** JUnit XML: a test suite for each feature, a test case for each scenario, classnames that sort by feature. */
export function toJunit(results: Results): string {
  const features = Map.groupBy(results.scenarios, ({ feature }) => feature);
  const suites: Suite[] = [...features].map(([feature, scenarios]) => ({
    '@name': feature,
    ...counts(scenarios),
    '@time': seconds(scenarios.reduce((sum, { durationMs }) => sum + durationMs, 0)),
    testcase: scenarios.map((scenario) => testCase(scenario, results.clauses)),
  }));
  suites.push(...unjudged(results));
  // A verdict without a failed scenario must be in this file as well, since some tools read only this file.
  if (results.verdict === 'error' || results.verdict === 'partial' || overruled(results))
    suites.push({
      '@name': 'verdict',
      '@tests': 1,
      '@failures': results.verdict === 'error' ? 0 : 1,
      '@errors': results.verdict === 'error' ? 1 : 0,
      '@skipped': 0,
      '@time': seconds(0),
      testcase: [
        {
          '@classname': 'verdict',
          '@name': results.verdict,
          '@time': seconds(0),
          [results.verdict === 'error' ? 'error' : 'failure']: { '@message': results.because },
        },
      ],
    });
  const total = (key: '@tests' | '@failures' | '@errors' | '@skipped') =>
    suites.reduce((sum, suite) => sum + suite[key], 0);
  const document = {
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      '@name': `kinesis-proxy-conformance on ${targetInWords(results.target)}`,
      '@tests': total('@tests'),
      '@failures': total('@failures'),
      '@errors': total('@errors'),
      '@skipped': total('@skipped'),
      '@time': seconds(results.durationMs),
      testsuite: suites,
    },
  };
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    format: true,
    suppressEmptyNode: true,
  });
  return builder.build(clean(document)) as string;
}

const NOT_APPLICABLE = 'not applicable: the API offers none of the calls that the clause speaks of';

/** Clauses without scenarios, each as a skipped test case with its reason. */
function unjudged({ clauses, exclusions = [] }: Results): Suite[] {
  const inapplicable = clauses
    .filter(({ result }) => result === 'not-applicable')
    .map(({ id, statement }) => skippedClause('not applicable', `${id} ${statement}`, NOT_APPLICABLE));
  const excluded = exclusions.map(({ clause, reason }) =>
    skippedClause('excluded', clause, `excluded: ${reason}`),
  );
  return [['not applicable', inapplicable] as const, ['excluded', excluded] as const].flatMap(
    ([name, testcase]) =>
      testcase.length === 0
        ? []
        : [
            {
              '@name': name,
              '@tests': testcase.length,
              '@failures': 0,
              '@errors': 0,
              '@skipped': testcase.length,
              '@time': seconds(0),
              testcase,
            },
          ],
  );
}

function skippedClause(classname: string, name: string, message: string) {
  return { '@classname': classname, '@name': name, '@time': seconds(0), skipped: { '@message': message } };
}

function overruled({ verdict, scenarios }: Results): boolean {
  return verdict === 'not-conformant' && !scenarios.some(({ result }) => result === 'failed');
}

function counts(scenarios: readonly ScenarioResult[]) {
  const count = (...wanted: string[]) => scenarios.filter(({ result }) => wanted.includes(result)).length;
  return {
    '@tests': scenarios.length,
    '@failures': count('failed'),
    '@errors': count('error'),
    '@skipped': count('skipped', 'diverged'),
  };
}

function testCase(scenario: ScenarioResult, clauses: Results['clauses']) {
  const { failedStep: step } = scenario;
  // Results of 0.1.0 have stacks.
  const reason = plainReason(scenario.reason ?? '');
  const said = clauses
    .filter(({ id }) => scenario.clauses.includes(id))
    .map(({ id, statement }) => `${id}: ${statement}`);
  const message = {
    '@message': [...said, reason.split('\n')[0] ?? ''].join(' '),
    '#text': [...said, ...(step ? [`${scenario.feature}:${scenario.line}: ${step.text}`] : []), reason].join(
      '\n',
    ),
  };
  return {
    '@classname': scenario.feature
      .replace(/^features\//, '')
      .replace(/\.feature$/, '')
      .replaceAll('/', '.'),
    '@name': `${scenario.clauses.join(' ')} ${scenario.id.slice(scenario.id.indexOf(': ') + 2)}`.trim(),
    '@time': seconds(scenario.durationMs),
    '@file': scenario.feature,
    '@line': scenario.line,
    ...(scenario.result === 'failed' && { failure: message }),
    ...(scenario.result === 'error' && { error: message }),
    ...(scenario.result === 'skipped' && { skipped: { '@message': `not observable: ${reason}` } }),
    ...(scenario.result === 'diverged' && {
      skipped: { '@message': `known divergence: ${message['@message']}` },
    }),
    ...(scenario.result === 'flaky' && { 'system-out': 'flaky: it passed only on a retry' }),
  };
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** XML 1.0 does not allow most control characters, and the answers of a proxy may contain any. */
function clean<T>(value: T): T {
  if (typeof value === 'string') return visible(value) as T;
  if (Array.isArray(value)) return value.map(clean) as T;
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clean(inner)])) as T;
  return value;
}
