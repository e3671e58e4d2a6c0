import type { Group } from './command.ts';

/** Commands for those who work on the suite. They need a checkout: its tests, self-test, bench and documents. */
export const DEVELOPERS: Group = {
  summary: 'for those who work on the suite',
  examples: ['npm run unit -- infra/retry', 'npm run selftest -- --quick', 'npm run bench -- --guard'],
  commands: {
    test: {
      summary: 'static checks, unit tests, then conformance against LocalStack or embedded',
      load: () => import('./test.ts'),
    },
    check: { summary: 'types, lint, features and catalogue', load: () => import('./check.ts') },
    unit: { summary: 'the unit tests alone, all or some', load: () => import('./unit.ts') },
    selftest: { summary: 'whether the suite catches what it should', load: () => import('./selftest.ts') },
    hostile: { summary: 'attacks on the suite and its embedded AWS', load: () => import('./hostile.ts') },
    generated: {
      summary: 'generated calls through the proxy, against what has to hold for all of them',
      load: () => import('./generated.ts'),
    },
    oracle: {
      summary: 'the embedded AWS against independent implementations',
      load: () => import('./oracle.ts'),
    },
    rehearse: {
      summary: 'the nightly against a simulation of AWS at its worst',
      load: () => import('./rehearse.ts'),
    },
    'cleanup-test': {
      summary: 'whether killed and interrupted runs leave nothing',
      load: () => import('./cleanup-test.ts'),
    },
    schema: {
      summary: 'the JSON schema of conformance.config.yaml',
      load: () => import('./schema.ts'),
    },
    build: { summary: 'what the package runs, to dist/', load: () => import('./build.ts') },
    package: {
      summary: 'the tarball for others, checked, and tried in an empty folder',
      load: () => import('./package.ts'),
    },
    bench: { summary: 'how fast it is, and beside what', load: () => import('./bench.ts') },
    soak: {
      summary: 'many calls on many connections, each answered right',
      load: () => import('./soak.ts'),
    },
    matrix: { summary: 'every target that can be started here', load: () => import('./matrix.ts') },
    issues: { summary: 'one issue for each clause that fails', load: () => import('./issues.ts') },
    durations: {
      summary: 'record what scenarios take, to balance shards by',
      load: () => import('./durations.ts'),
    },
    scale: { summary: 'the tables of docs/scale.md', load: () => import('./scale.ts') },
    traceability: {
      summary: 'the table of clauses and scenarios',
      load: () => import('./traceability.ts'),
    },
    weaknesses: {
      summary: "what the tutorial's API fails, how, and what mends it",
      load: () => import('./weaknesses.ts'),
    },
    site: {
      summary: 'the specification as pages: clauses, features, API, matrix, guides',
      load: () => import('./site.ts'),
    },
    freeze: {
      summary: "keep today's catalogue as the contract of this release",
      load: () => import('./freeze.ts'),
    },
  },
};
