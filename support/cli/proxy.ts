import { parseArgs } from 'node:util';
import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import type { Definition } from '../../infra/definition/definition.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import { PortInUse } from '../../infra/embedded/server/listener.ts';
import { messageOf, TargetError, UsageError } from '../../infra/errors.ts';
import { called, calledWith } from '../../infra/invocation.ts';
import { type Clients, createClients } from '../../infra/provision/clients.ts';
import type { Deployment } from '../../infra/provision/deployment.ts';
import { provision, STAGE } from '../../infra/provision/provision.ts';
import { prefixOf } from '../../infra/provision/tags.ts';
import { UndoStack } from '../../infra/provision/undo.ts';
import { clockFactor } from '../../infra/retry/clock.ts';
import type { DeployedApi } from '../../infra/targets/deployed-api.ts';
import { asTarget } from '../../infra/targets/embedded.ts';
import { startSimulation } from '../../infra/targets/simulated.ts';
import type { Target } from '../../infra/targets/target.ts';
import { choicesOf, definitionOf } from '../run/choices.ts';
import { onInterrupt } from '../run/interrupt.ts';
import { simulation } from '../run/options.ts';
import type { Command } from './command.ts';
import { linesOf, needsStream, tutorialLines } from './curl-lines.ts';
import { exportLine, printOwn } from './output.ts';

const DEFAULT_PORT = 4577;
/** Short, so that a reader of the tutorial can continue with the next step; milliseconds. */
const STREAM_TRANSITION = 500;

/** Part of the names of the resources that it creates. */
const RUN_ID = 'proxy';

export const command: Command = {
  help: `
${calledWith('serve')} [options]

Serves the tutorial's API on the embedded AWS until interrupted, and prints a curl line for each of its eight methods.
--definition serves another API, with the streams, roles and keys that it declares. Any AWS SDK, boto3 or the AWS CLI can
use the endpoint for apigateway, iam, sts and kinesis, with any keys. The policies of users and sessions apply to their
keys. Methods with AWS_IAM require a valid signature, with those keys or the account's own, which --json shows.

  --port N                    (default: ${DEFAULT_PORT}; 0 picks a free one)
  --definition NAME|PATH      the API to serve: tutorial (the default), hardened, or a file
  --parameter KEY=VALUE       a parameter of the definition; repeatable
  --api NAME                  which API, where the definition has several
  --interface FILE            what the API offers, if it cannot be derived (docs/interface.md)
  --no-deploy                 serve an empty account, to deploy your own API
  --region REGION             (default: us-east-1)
  --stream-delay MS           how long a stream stays CREATING or DELETING (default: ${STREAM_TRANSITION})
  --record-memory MIB         memory for records; puts beyond it are throttled (default: half of Node's heap)
  --simulate aws[:SEED]       behave like AWS at its worst: slow streams, quotas, lags, errors, resources of others
  --verify-callers            refuse wrong signatures and unknown keys: only the account's own, which --json and the
                              text show, and those of the users and sessions that you make with them
  --json                      print one line of JSON when ready, instead of text

Examples:
  ${called('serve')}
  ${calledWith('serve')} --definition api.yaml --port 0 --json

Exit codes: 2 the port is taken or the definition cannot be deployed; 3 usage; 128 plus the signal when interrupted.
`,
  run: async (argv) => {
    const { values } = parse(argv);
    const choices = choicesOf(values.parameter ?? [], values.api);
    const definition = values['no-deploy']
      ? undefined
      : definitionOf({
          definition: values.definition ?? 'tutorial',
          choices,
          interface: values.interface,
        });
    const port = whole(values.port, '--port', DEFAULT_PORT, 65_535);
    const delay = whole(values['stream-delay'], '--stream-delay', STREAM_TRANSITION, 600_000);
    const region = values.region ?? 'us-east-1';
    const simulated = simulation(values.simulate);
    const verifyCallers = values['verify-callers'] === true;
    const memory = whole(values['record-memory'], '--record-memory', 0, 65_536);
    const common = { port, region, verifyCallers, ...(memory > 0 && { maxStoredBytes: memory * 2 ** 20 }) };
    if (simulated && values['stream-delay'] !== undefined)
      throw new UsageError('--stream-delay is not for --simulate, whose streams take 20 to 40 s');
    const starting = simulated
      ? startSimulation(simulated, common)
      : startEmbeddedAws({ ...common, createMillis: delay, deleteMillis: delay });
    const aws = await starting.catch((error) => {
      if (!(error instanceof PortInUse)) throw error;
      throw new TargetError(
        `${error.message}; stop the process that uses it, or choose another with --port (0 picks a free one)`,
      );
    });
    onInterrupt(() => aws.stop());
    try {
      let deployed: DeployedApi | undefined;
      let calls: readonly string[] = [];
      if (definition) {
        const target: Target = { ...asTarget(aws), ...(simulated && { behaves: 'aws' }) };
        const clients = createClients(target.access, simulated ? 'aws' : 'embedded');
        // Nothing needs cleaning up: everything ends with the process.
        const undo = new UndoStack();
        const roles = new Set<never>();
        const deployment = await provision({ target, clients, definition, runId: RUN_ID, roles, undo });
        deployed = deployment.proxy;
        calls = await callsOf(definition, deployment, aws, clients);
        clients.destroy();
      }
      const ready = {
        endpoint: aws.endpoint,
        executeApiUrl: aws.executeApiUrl,
        invokeUrl: deployed?.baseUrl ?? null,
        restApiId: deployed?.restApiId ?? null,
        stage: deployed ? STAGE : null,
        region: aws.region,
        accessKeyId: aws.accessKeyId,
        secretAccessKey: aws.secretAccessKey,
        ...(simulated && { simulation: `aws:${simulated.seed}`, clockFactor: clockFactor() }),
      };
      printOwn(values.json ? `${JSON.stringify(ready)}\n` : toText(ready, verifyCallers, calls));
    } catch (error) {
      await aws.stop();
      throw error;
    }
    // The server keeps the process alive until it is interrupted.
    return new Promise<never>(() => {});
  },
};

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        definition: { type: 'string' },
        parameter: { type: 'string', multiple: true },
        api: { type: 'string' },
        interface: { type: 'string' },
        'no-deploy': { type: 'boolean' },
        region: { type: 'string' },
        'stream-delay': { type: 'string' },
        'record-memory': { type: 'string' },
        simulate: { type: 'string' },
        'verify-callers': { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(
      `${messageOf(error).split('. To specify')[0]}; ${calledWith('serve')} --help lists the options`,
    );
  }
}

function whole(value: string | undefined, flag: string, fallback: number, most: number): number {
  if (value === undefined) return fallback;
  if (!/^\d+$/.test(value) || Number(value) > most)
    throw new UsageError(`${flag} takes a whole number up to ${most}, not ${value}`);
  return Number(value);
}

function toText(
  ready: {
    endpoint: string;
    invokeUrl: string | null;
    executeApiUrl: string;
    region: string;
    accessKeyId: string;
    secretAccessKey: string;
  },
  verifiesCallers: boolean,
  calls: readonly string[],
): string {
  const [keys, id, secret] = verifiesCallers
    ? ['these keys, and those created with them', ready.accessKeyId, ready.secretAccessKey]
    : ['any access key and secret', 'test', 'test'];
  const head = [
    `the embedded AWS listens at ${ready.endpoint} (region ${ready.region}; ${keys})`,
    `  ${exportLine({ ...ready, accessKeyId: id, secretAccessKey: secret })}`,
  ];
  if (ready.invokeUrl === null)
    return `${[...head, `a deployed API is served at ${ready.executeApiUrl}`, 'Press Ctrl-C to stop'].join('\n')}\n`;
  return `${[...head, `the API is at ${ready.invokeUrl}`, '', ...calls, '', 'Press Ctrl-C to stop'].join('\n')}\n`;
}

/** The curl lines for the definition. Creates the stream that they need, if no line creates it. */
async function callsOf(
  definition: Definition,
  { proxy, interface: offered, authentication }: Deployment,
  aws: EmbeddedAws,
  { kinesis }: Clients,
): Promise<readonly string[]> {
  if (definition.name === 'tutorial' || offered === undefined) return tutorialLines(proxy.baseUrl);
  // The hardened definition's role is confined to the run's own names.
  const stream = definition.role === 'stream-prefix' ? `${prefixOf(RUN_ID)}myStream` : 'myStream';
  if (needsStream(offered))
    await kinesis.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 1 }));
  const { region, accessKeyId, secretAccessKey } = aws;
  return linesOf(offered, {
    url: proxy.baseUrl,
    region,
    credentials: { accessKeyId, secretAccessKey },
    authentication,
    stream,
  });
}
