import { LostConnection } from '../../infra/embedded/http.ts';
import { combine, type Fault } from '../changes/change.ts';
import { integration } from '../changes/definition.ts';
import { behindGateway, error, forEveryone } from '../changes/kinesis.ts';

const ALL = ['*'];

/** A Kinesis that answers badly, late or not at all. */
export const answers: readonly Fault[] = [
  {
    name: 'throttles-the-proxy',
    why: 'Every call through the proxy is over the limit.',
    expect: { clauses: ['LIST-1', 'DESC-1', 'PUT-1', 'ITER-1', 'GET-1'] },
    change: behindGateway(ALL, () => async () => throttled()),
  },
  {
    name: 'throttles-everyone',
    why: 'Every caller is over the limit, so the suite cannot check Kinesis either.',
    expect: 'target failure',
    tried: ['PUT-2'],
    change: forEveryone(ALL, () => async () => throttled()),
  },
  {
    name: 'answers-500-to-the-proxy',
    why: 'Kinesis fails whenever the proxy asks.',
    expect: { clauses: ['LIST-1', 'DESC-1', 'PUT-1', 'PUTS-1', 'ITER-1', 'GET-1', 'JOURNEY-1'] },
    change: behindGateway(ALL, () => async () => failed()),
  },
  {
    name: 'answers-500-to-everyone',
    why: 'Kinesis is down.',
    expect: 'target failure',
    tried: ['PUT-2', 'CREATE-5'],
    change: forEveryone(ALL, () => async () => failed()),
  },
  {
    name: 'drops-connections-of-the-proxy',
    why: 'The connection between gateway and Kinesis breaks.',
    expect: { clauses: ['LIST-1', 'PUT-1', 'GET-1'] },
    change: behindGateway(ALL, () => async () => {
      throw new LostConnection();
    }),
  },
  {
    name: 'drops-every-connection',
    why: 'Nobody gets through to Kinesis.',
    expect: 'target failure',
    tried: ['PUT-2'],
    change: forEveryone(ALL, () => async () => {
      throw new LostConnection();
    }),
  },
  {
    name: 'slower-than-the-gateway-waits',
    why: 'An answer that comes after the integration’s timeout.',
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
