import { randomBytes } from 'node:crypto';
import { GetResourcesCommand, TestInvokeMethodCommand } from '@aws-sdk/client-api-gateway';
import { ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { callBounded } from '../../infra/bounds/http.ts';
import { BoundedHandler } from '../../infra/bounds/sdk.ts';
import { messageOf } from '../../infra/errors.ts';
import { calledWith } from '../../infra/invocation.ts';
import { type Clients, createClients } from '../../infra/provision/clients.ts';
import { provision } from '../../infra/provision/provision.ts';
import { UndoStack } from '../../infra/provision/undo.ts';
import { levelOf } from '../../infra/retry/waits.ts';
import type { DeployedApi } from '../../infra/targets/deployed-api.ts';
import { startTarget } from '../../infra/targets/start.ts';
import type { Target } from '../../infra/targets/target.ts';
import { oneLine } from '../client/untrusted-text.ts';
import { definitionOf } from '../run/choices.ts';
import { onInterrupt } from '../run/interrupt.ts';
import { parseOptions, type RunOptions } from '../run/options.ts';
import { plural } from '../run/verdict.ts';
import type { Command } from './command.ts';

export const command: Command = {
  help: `
${calledWith('doctor')} [--target …] [--endpoint URL] [--execute-api-url TEMPLATE] [--region REGION] [--definition PATH]
${calledWith('doctor')} --url URL [--auth iam]

Checks what a target can do before you start a run: starts or reaches the target, calls each service, deploys the
definition, calls the API and cleans up. Options as for conformance.

On --target aws it creates nothing. It reports your identity and permissions, the quotas that are left, the clock skew,
and what a run would create and roughly cost.

Examples:
  ${calledWith('doctor')} --endpoint http://localhost:4566
  ${calledWith('doctor')} --target aws

Exit codes: 0 ready to run, 2 not ready, 3 usage.
`,
  run: async (argv) => {
    const options = parseOptions(argv, process.env, process.cwd());
    if (options.target !== 'aws') return examine(options);
    return (await import('./doctor-aws.ts')).examineAccount(options);
  },
};

/** The facts about the target, which each check adds to. */
interface Examined {
  target?: Target;
  clients?: Clients;
  api?: DeployedApi;
}

interface Check {
  readonly name: string;
  /** What a failure means for a run. Without a `required` check a run is pointless. */
  readonly required: boolean;
  readonly otherwise: string;
  run(examined: Examined, options: RunOptions, undo: UndoStack): Promise<string>;
}

const CHECKS: readonly Check[] = [
  {
    name: 'target',
    required: true,
    otherwise: 'nothing can be run there',
    run: async (examined, options) => {
      examined.target = await startTarget(options);
      examined.clients = createClients(
        examined.target.access,
        levelOf(examined.target.behaves ?? examined.target.kind),
      );
      const { name, version, access, attached, details } = examined.target;
      // Connecting to it has already shown whether it answers, and what the credentials can see.
      if (attached) return `${name} at ${attached.api.baseUrl}; inspected: ${details.inspected}`;
      return `${name} ${version} at ${access.endpoint ?? 'AWS'}`;
    },
  },
  {
    name: 'identity',
    required: false,
    otherwise: 'the account is unknown; a run does not need it',
    run: async ({ target }) => {
      const sts = new STSClient({ ...(target as Target).access, requestHandler: new BoundedHandler() });
      const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
      return Arn ?? 'no ARN';
    },
  },
  {
    name: 'Kinesis',
    required: true,
    otherwise: 'the suite cannot check Kinesis directly',
    run: async ({ clients }) => {
      const { StreamNames = [] } = await (clients as Clients).kinesis.send(new ListStreamsCommand({}));
      return StreamNames.length === 0
        ? 'no streams yet'
        : `${plural(StreamNames.length, 'stream')} already there`;
    },
  },
  {
    name: 'deployment',
    required: true,
    otherwise: 'no scenario can call the API',
    run: async (examined, options, undo) => {
      const { target, clients } = examined as Required<Examined>;
      const definition = definitionOf(options);
      const runId = `doctor${randomBytes(3).toString('hex')}`;
      const { proxy } = await provision({ target, clients, definition, runId, roles: new Set(), undo });
      examined.api = proxy;
      return `served at ${proxy.baseUrl}${proxy.host ? ` with Host ${proxy.host}` : ''}`;
    },
  },
  {
    name: 'a call',
    required: true,
    otherwise: 'the gateway does not execute integrations with Kinesis, so nearly every scenario will fail',
    run: async ({ api }) => {
      const { baseUrl, host } = api as DeployedApi;
      const headers: Record<string, string> = host ? { Host: host } : {};
      const { status, body } = await callBounded(`${baseUrl}/streams`, { headers, deadlineMs: 30_000 });
      if (status !== 200 || !body.includes('StreamNames'))
        throw new Error(`GET /streams answered ${status} ${body.slice(0, 150)}`);
      return 'GET /streams lists streams';
    },
  },
  {
    name: 'test invocation',
    required: false,
    otherwise: 'scenarios that need it will fail',
    run: async ({ clients, api }) => {
      const { apiGateway } = clients as Clients;
      const restApiId = api?.restApiId;
      const { items = [] } = await apiGateway.send(new GetResourcesCommand({ restApiId }));
      const resourceId = items.find(({ path }) => path === '/streams')?.id;
      const { status } = await apiGateway.send(
        new TestInvokeMethodCommand({ restApiId, resourceId, httpMethod: 'GET' }),
      );
      return `GET /streams answered ${status}`;
    },
  },
];

async function examine(options: RunOptions): Promise<number> {
  const undo = new UndoStack();
  const examined: Examined = {};
  const leave = async () => {
    const left = await undo.unwind();
    examined.clients?.destroy();
    await examined.target?.stop();
    return left.map((line) => `left behind: ${line}`);
  };
  const withdraw = onInterrupt(leave);
  let fit = true;
  try {
    for (const check of options.deployed ? CHECKS.slice(0, 1) : CHECKS) {
      try {
        const seen = await check.run(examined, options, undo);
        process.stdout.write(`ok   ${check.name.padEnd(16)} ${oneLine(seen)}\n`);
      } catch (error) {
        process.stdout.write(
          `no   ${check.name.padEnd(16)} ${oneLine(messageOf(error))}: ${check.otherwise}\n`,
        );
        if (check.required) {
          fit = false;
          break;
        }
      }
    }
  } finally {
    for (const line of await leave()) process.stderr.write(`${oneLine(line)}\n`);
    withdraw();
  }
  process.stdout.write(fit ? 'Ready to run\n' : 'Not ready\n');
  return fit ? 0 : 2;
}
