import { randomBytes } from 'node:crypto';
import { DescribeLimitsCommand, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { messageOf } from '../../infra/errors.ts';
import { BOUNDARY_VARIABLE, boundaryOf } from '../../infra/provision/boundary.ts';
import { type Clients, createClients } from '../../infra/provision/clients.ts';
import { LIFETIME, prefixOf, runTags } from '../../infra/provision/tags.ts';
import { rateLimiter } from '../../infra/retry/rate-limit.ts';
import { levelOf } from '../../infra/retry/waits.ts';
import { listRestApis } from '../../infra/sweep/inventory.ts';
import { spell } from '../../infra/sweep/proof.ts';
import { startTarget } from '../../infra/targets/start.ts';
import type { Target } from '../../infra/targets/target.ts';
import { highestCost, PRICES, WHOLE_RUN } from '../account/estimate.ts';
import { askPermissions } from '../account/permissions.ts';
import { oneLine } from '../client/untrusted-text.ts';
import type { RunOptions } from '../run/options.ts';
import { planRun } from '../run/run.ts';
import { ROOT } from '../run/suite.ts';

/** A larger clock skew is reported: milliseconds. With more than 300 s the target refuses every call. */
const NOTABLE_SKEW = 30_000;

/**
 * Checks an account before a run: the identity, the permissions, the quotas, and what a run would create. Creates
 * nothing.
 */
export async function examineAccount(options: RunOptions): Promise<number> {
  const planned = planRun(options, ROOT);
  const target = await startTarget(options);
  const level = levelOf(target.behaves ?? target.kind);
  rateLimiter.open();
  const clients = createClients(target.access, level);
  try {
    say('ok', 'target', `${target.name} in ${target.access.region} at ${target.access.endpoint ?? 'AWS'}`);
    say('ok', 'identity', target.details['signed in as'] ?? 'unknown');
    const skew = Math.round((target.skewMs ?? 0) / 1000);
    say(
      Math.abs(skew) * 1000 > NOTABLE_SKEW ? '?' : 'ok',
      'clock',
      `${skew} s ${skew < 0 ? 'behind' : 'ahead of'} this machine's`,
    );
    const fit = [await permissions(clients, target), await quotas(clients)].every(Boolean);
    for (const [name, text] of plan(planned.selection.scenarios.map(({ role }) => role))) say('', name, text);
    process.stdout.write(fit ? 'Ready to run; nothing was created\n' : 'Not ready; nothing was created\n');
    return fit ? 0 : 2;
  } finally {
    clients.destroy();
    rateLimiter.close();
    await target.stop();
  }
}

async function permissions(clients: Clients, target: Target): Promise<boolean> {
  const runId = `doctor${randomBytes(3).toString('hex')}`;
  const boundary = boundaryOf(target, process.env);
  const asked = await askPermissions(clients, {
    name: `${prefixOf(runId)}nothing`,
    tags: runTags(runId),
    boundary,
  });
  const of = (state: string) => asked.filter((one) => one.state === state);
  const denied = of('denied');
  const untold = of('untold').map(({ action }) => action);
  say(
    denied.length === 0 ? 'ok' : 'no',
    'permissions',
    `${of('granted').length} of ${asked.length} granted, asked by calls that change nothing${denied.length > 0 ? '; infra/aws/runner-policy.json has all that a run needs' : ''}`,
  );
  for (const { action, said } of denied) say('no', '', `${action}: ${said}`);
  if (untold.length > 0)
    say(
      '?',
      '',
      `${untold.join(', ')}: denied for missing resources, which a policy with tag conditions also does`,
    );
  say('?', '', 'iam:PassRole cannot be checked without passing a role');
  say('', 'boundary', boundary ?? `none: only their policies limit the run's roles (${BOUNDARY_VARIABLE})`);
  return denied.length === 0;
}

async function quotas(clients: Clients): Promise<boolean> {
  const { shardsAtOnce } = WHOLE_RUN;
  let fit = true;
  try {
    const { ShardLimit = 0, OpenShardCount = 0 } = await clients.kinesis.send(new DescribeLimitsCommand({}));
    const room = ShardLimit - OpenShardCount;
    fit = room >= shardsAtOnce;
    say(
      fit ? 'ok' : 'no',
      'shards',
      `${OpenShardCount} of ${ShardLimit} are open; the whole contract needs ${shardsAtOnce} at once${fit ? '' : ': ask for more in Service Quotas, or run a part of it (--level core)'}`,
    );
  } catch (error) {
    say(
      '?',
      'shards',
      `the quota is unknown (${messageOf(error)}); the whole contract needs ${shardsAtOnce} at once`,
    );
  }
  const { StreamNames = [], HasMoreStreams } = await clients.kinesis
    .send(new ListStreamsCommand({}))
    .catch(() => ({ HasMoreStreams: undefined }) as { StreamNames?: string[]; HasMoreStreams?: boolean });
  if (HasMoreStreams !== undefined)
    say('', 'streams', `${HasMoreStreams ? 'more than ' : ''}${StreamNames.length} exist and stay unchanged`);
  const apis = await listRestApis(clients).catch(() => undefined);
  if (apis) say('', 'REST APIs', `${apis.length} exist and stay unchanged`);
  return fit;
}

/** What a run will create, and an estimate of its cost. */
function plan(scenarioRoles: readonly (string | undefined)[]): [string, string][] {
  const roles = new Set(['full-access', ...scenarioRoles.filter((role) => role !== undefined)]);
  const { streams, shards } = WHOLE_RUN;
  const price = Object.values(PRICES)
    .map(
      ({ what, usd, asOf }) =>
        `${what} ${usd < 0.001 ? `${(usd * 1e6).toFixed(3)} per million` : usd} USD (${asOf})`,
    )
    .join(', ');
  return [
    [
      'would make',
      `1 REST API with ${roles.size} stage${roles.size === 1 ? '' : 's'}, and 2 more for a minute if DEF-13 is selected`,
    ],
    ['', `${roles.size} IAM role${roles.size === 1 ? '' : 's'}: ${[...roles].join(', ')}`],
    [
      '',
      `streams: for the whole contract up to ${streams}, with ${shards} shards in total, most of them for a minute or two`,
    ],
    [
      '',
      `all named ${prefixOf('<run>')}…, tagged, and deleted at the end; the tag expires after ${spell(LIFETIME)}`,
    ],
    [
      'cost',
      `an estimate: at most ${highestCost().toFixed(2)} USD for the whole contract, if each shard is billed for an hour`,
    ],
    ['', `by AWS's documented prices in us-east-1, before taxes: ${price}`],
  ];
}

function say(mark: 'ok' | 'no' | '?' | '', name: string, text: string): void {
  process.stdout.write(`${mark.padEnd(5)}${name.padEnd(16)} ${oneLine(text)}\n`);
}
