import { LostConnection } from '../../infra/embedded/http.ts';
import { combine, type Fault } from '../changes/change.ts';
import { integration } from '../changes/definition.ts';
import { behindGateway, error, forEveryone } from '../changes/kinesis.ts';

const ALL = ['*'];

/** A Kinesis that answers with errors, late or not at all. */
export const answers: readonly Fault[] = [
  {
    name: 'throttles-the-proxy',
    why: 'Kinesis throttles every call through the proxy.',
    expect: { clauses: ['LIST-1', 'DESC-1', 'PUT-1', 'ITER-1', 'GET-1'] },
    change: behindGateway(ALL, () => async () => throttled()),
  },
  {
    name: 'throttles-everyone',
    why: 'Kinesis throttles every caller, so the suite cannot check Kinesis either.',
    expect: 'target failure',
    tried: ['PUT-2'],
    change: forEveryone(ALL, () => async () => throttled()),
  },
  {
    name: 'answers-500-to-the-proxy',
    why: 'Kinesis answers 500 to every call through the proxy.',
    expect: { clauses: ['LIST-1', 'DESC-1', 'PUT-1', 'PUTS-1', 'ITER-1', 'GET-1', 'JOURNEY-1'] },
    change: behindGateway(ALL, () => async () => failed()),
  },
  {
    name: 'answers-500-to-everyone',
    why: 'Kinesis answers 500 to every call.',
    expect: 'target failure',
    tried: ['PUT-2', 'CREATE-5'],
    change: forEveryone(ALL, () => async () => failed()),
  },
  {
    name: 'drops-connections-of-the-proxy',
    why: 'The connection between the gateway and Kinesis breaks.',
    expect: { clauses: ['LIST-1', 'PUT-1', 'GET-1'] },
    change: behindGateway(ALL, () => async () => {
      throw new LostConnection();
    }),
  },
  {
    name: 'drops-every-connection',
    why: 'Every connection to Kinesis breaks.',
    expect: 'target failure',
    tried: ['PUT-2'],
    change: forEveryone(ALL, () => async () => {
      throw new LostConnection();
    }),
  },
  {
    name: 'slower-than-the-gateway-waits',
    why: 'Kinesis answers after the integration’s timeout.',
    expect: { clauses: ['LIST-1', 'JOURNEY-1'] },
    change: combine(
      integration('list streams', (own) => {
        own.timeoutInMillis = 50;
      }),
      behindGateway(['ListStreams'], () => async ({ pass }) => {
        await delay(300);
        return pass();
      }),
    ),
  },
];

function throttled() {
  return error(400, 'ProvisionedThroughputExceededException', 'Rate exceeded for shard in stream.');
}

function failed() {
  return error(500, 'InternalFailure', 'The request processing has failed because of an unknown error.');
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
