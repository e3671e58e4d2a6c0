import type { Group } from './command.ts';

/** Commands for developers of the suite. They need a checkout: its tests, self-test, bench and documents. */
export const DEVELOPERS: Group = {
  summary: 'for developers of the suite',
  examples: ['npm run unit -- infra/retry', 'npm run selftest -- --quick', 'npm run bench -- --guard'],
  commands: {
    test: {
      summary: 'static checks, unit tests, then conformance against LocalStack or embedded',
      load: () => import('./test.ts'),
    },
    check: { summary: 'types, lint, features and catalogue', load: () => import('./check.ts') },
    unit: { summary: 'only the unit tests, all or some', load: () => import('./unit.ts') },
    selftest: { summary: 'runs the suite on broken and correct APIs', load: () => import('./selftest.ts') },
    hostile: { summary: 'attacks on the suite and its embedded AWS', load: () => import('./hostile.ts') },
    generated: {
      summary: 'generated calls through the proxy, checked against properties',
      load: () => import('./generated.ts'),
    },
    oracle: {
      summary: 'the embedded AWS against independent implementations',
      load: () => import('./oracle.ts'),
    },
    rehearse: {
      summary: 'the nightly run against a worst-case simulation of AWS',
      load: () => import('./rehearse.ts'),
    },
    'cleanup-test': {
      summary: 'whether killed and interrupted runs clean up',
      load: () => import('./cleanup-test.ts'),
    },
    schema: {
      summary: 'the JSON schema of conformance.config.yaml',
      load: () => import('./schema.ts'),
    },
    build: { summary: 'compiles the package to dist/', load: () => import('./build.ts') },
    package: {
      summary: 'builds and checks the tarball, and tries it in an empty folder',
      load: () => import('./package.ts'),
    },
    bench: { summary: 'measures speed and memory, and compares them', load: () => import('./bench.ts') },
    soak: {
      summary: 'many calls on many connections, each checked',
      load: () => import('./soak.ts'),
    },
    matrix: { summary: 'every target that can be started here', load: () => import('./matrix.ts') },
    issues: { summary: 'one issue for each clause that fails', load: () => import('./issues.ts') },
    durations: {
      summary: 'records durations of scenarios, to balance shards',
      load: () => import('./durations.ts'),
    },
    scale: { summary: 'the tables of docs/scale.md', load: () => import('./scale.ts') },
    traceability: {
      summary: 'the table of clauses and scenarios',
      load: () => import('./traceability.ts'),
    },
    weaknesses: {
      summary: "the weaknesses of the tutorial's API, and the fixes",
      load: () => import('./weaknesses.ts'),
    },
    site: {
      summary: 'the specification as pages: clauses, features, API, matrix, guides',
      load: () => import('./site.ts'),
    },
    freeze: {
      summary: "freezes today's catalogue as the contract of this release",
      load: () => import('./freeze.ts'),
    },
  },
};
