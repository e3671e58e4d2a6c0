import { existsSync } from 'node:fs';
import { callBounded } from '../../infra/bounds/http.ts';
import { messageOf, TargetError, UsageError } from '../../infra/errors.ts';
import { oneLine } from '../client/untrusted-text.ts';
import { type IssueAction, type OpenIssue, planIssues } from '../report/issues.ts';
import { readResults } from '../report/json.ts';
import { parseCommand } from './arguments.ts';
import type { Command } from './command.ts';

export const command: Command = {
  help: `
npm run issues -- RESULTS [--dry-run]

Updates a repository's issues from a scheduled run: one issue for each clause that fails, opened when it begins
to fail, updated while it fails, closed once it passes. RESULTS is a conformance.json; where the run wrote none, an
issue says so. Issues that this command did not open are left alone.

  --dry-run  prints what it would do

Reads GITHUB_TOKEN (issues: write), GITHUB_REPOSITORY, GITHUB_API_URL, GITHUB_SERVER_URL and GITHUB_RUN_ID, as GitHub
Actions sets them.

Exit codes: 0 done, 2 GitHub failed, 3 usage.
`,
  run: async (argv) => {
    const { values, positionals } = parseCommand(
      'dev issues',
      argv,
      { 'dry-run': { type: 'boolean' } },
      { least: 1, most: 1, what: 'one conformance.json' },
    );
    const [file = ''] = positionals;
    const results = existsSync(file) ? readResults(file) : undefined;
    const github = new GitHub(process.env);
    const actions = planIssues(results, await github.openIssues(), {
      url: github.runUrl,
      today: new Date().toISOString().slice(0, 10),
    });
    for (const action of actions) {
      const about = action.kind === 'open' ? action.title : `#${action.number}`;
      process.stdout.write(
        `${action.kind.padEnd(7)} ${oneLine(action.subject).padEnd(10)} ${oneLine(about)}\n`,
      );
      if (!values['dry-run']) await github.carryOut(action);
    }
    if (actions.length === 0) process.stdout.write('nothing to do\n');
    return 0;
  },
};

/** The maximum number of pages of open issues to read, with a hundred issues each. */
const MAX_PAGES = 20;

/** The calls of GitHub's REST API that the command needs (docs.github.com/rest/issues/issues). */
class GitHub {
  readonly #api: string;
  readonly #repository: string;
  readonly #token: string;
  readonly runUrl: string | undefined;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    const { GITHUB_REPOSITORY, GITHUB_TOKEN, GITHUB_SERVER_URL = 'https://github.com', GITHUB_RUN_ID } = env;
    if (!GITHUB_REPOSITORY || !/^[\w.-]+\/[\w.-]+$/.test(GITHUB_REPOSITORY))
      throw new UsageError('npm run issues needs GITHUB_REPOSITORY, such as owner/name');
    if (!GITHUB_TOKEN)
      throw new UsageError('npm run issues needs GITHUB_TOKEN, with the permission issues: write');
    this.#api = env.GITHUB_API_URL || 'https://api.github.com';
    this.#repository = GITHUB_REPOSITORY;
    this.#token = GITHUB_TOKEN;
    const isOrdinary = /^https?:\/\/[\w.:-]+$/.test(GITHUB_SERVER_URL) && /^\d+$/.test(GITHUB_RUN_ID ?? '');
    this.runUrl = isOrdinary
      ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`
      : undefined;
  }

  async openIssues(): Promise<OpenIssue[]> {
    const issues: OpenIssue[] = [];
    for (let page = 1; page <= MAX_PAGES; page++) {
      const found = (await this.#call('GET', `/issues?state=open&per_page=100&page=${page}`)) as {
        number: number;
        body: string | null;
      }[];
      issues.push(...found.map(({ number, body }) => ({ number, body: body ?? '' })));
      if (found.length < 100) break;
    }
    return issues;
  }

  async carryOut(action: IssueAction): Promise<void> {
    switch (action.kind) {
      case 'open':
        await this.#call('POST', '/issues', { title: action.title, body: action.body });
        return;
      case 'update':
        await this.#call('PATCH', `/issues/${action.number}`, { body: action.body });
        return;
      case 'close':
        await this.#call('POST', `/issues/${action.number}/comments`, { body: action.comment });
        await this.#call('PATCH', `/issues/${action.number}`, { state: 'closed' });
    }
  }

  async #call(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<unknown> {
    const url = `${this.#api}/repos/${this.#repository}${path}`;
    try {
      const answer = await callBounded(url, {
        method,
        deadlineMs: 30_000,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${this.#token}`,
          'user-agent': 'kinesis-proxy-conformance',
          'x-github-api-version': '2022-11-28',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      if (answer.status >= 300) throw new Error(`it answered ${answer.status} ${answer.body.slice(0, 200)}`);
      return JSON.parse(answer.body);
    } catch (error) {
      throw new TargetError(`GitHub refused ${method} ${url}: ${messageOf(error)}`, { cause: error });
    }
  }
}
