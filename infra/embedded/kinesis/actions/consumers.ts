import { invalidArgument, KinesisError, limitExceeded, streamNotActive } from '../errors.ts';
import type { Consumer } from '../store/consumers.ts';
import type { Stream } from '../store/stream.ts';
import { type Action, type Context, pageToken, readPageToken, streamNameOf } from './context.ts';
import { refuseTags } from './tags.ts';

/** Consumers with enhanced fan-out per stream (botocore). */
const MAX_CONSUMERS = 20;
/** The default of ListStreamConsumers; botocore gives none, so this is inferred. */
const CONSUMERS_PER_PAGE = 100;

interface ConsumerName {
  readonly StreamARN?: string;
  readonly ConsumerName?: string;
  readonly ConsumerARN?: string;
}

/** AWS's texts about consumers are not recorded (inferred). */
export const registerStreamConsumer: Action<'RegisterStreamConsumer'> = (input, context) => {
  const { store, account } = context;
  const stream = store.get(streamNameOf(input));
  const { status } = stream;
  if (status === 'CREATING' || status === 'DELETING') throw streamNotActive(stream.name, account.id, status);
  const { ConsumerName: name } = input;
  if (stream.consumers.find(name) !== undefined)
    throw new KinesisError(
      'ResourceInUseException',
      `Consumer ${name} of stream ${stream.name} under account ${account.id} already exists.`,
    );
  if (stream.consumers.list().length >= MAX_CONSUMERS)
    throw limitExceeded(
      `Stream ${stream.name} under account ${account.id} has ${MAX_CONSUMERS} registered consumers, the most it may have.`,
    );
  refuseTags(input.Tags ?? {}, stream.name, account.id);
  const createdAt = account.now();
  const consumer: Consumer = {
    name,
    arn: `${stream.arn}/consumer/${name}:${Math.floor(createdAt / 1000)}`,
    createdAt,
    tags: new Map(Object.entries(input.Tags ?? {})),
    creation: store.creation(),
    deletion: undefined,
  };
  stream.consumers.add(consumer);
  return { Consumer: describe(consumer, 'CREATING') };
};

export const deregisterStreamConsumer: Action<'DeregisterStreamConsumer'> = (input, context) => {
  const { consumer } = findConsumer(input, context);
  consumer.deletion ??= context.store.deletion();
  return undefined;
};

export const describeStreamConsumer: Action<'DescribeStreamConsumer'> = (input, context) => {
  const { stream, consumer } = findConsumer(input, context);
  return {
    ConsumerDescription: {
      ...describe(consumer, stream.consumers.show(consumer)),
      StreamARN: stream.arn,
    },
  };
};

export const listStreamConsumers: Action<'ListStreamConsumers'> = (input, { store }) => {
  const { consumers } = store.get(streamNameOf(input));
  const all = consumers.list();
  const start =
    input.NextToken === undefined
      ? 0
      : all.findIndex(({ name }) => name === readPageToken(input.NextToken ?? '')[0]) + 1;
  const page = all.slice(start, start + (input.MaxResults ?? CONSUMERS_PER_PAGE));
  const last = page.at(-1);
  const hasMore = start + page.length < all.length;
  return {
    Consumers: page.map((consumer) => describe(consumer, consumers.status(consumer))),
    ...(hasMore && last !== undefined ? { NextToken: pageToken(last.name) } : {}),
  };
};

function describe({ name, arn, createdAt }: Consumer, status: string): object {
  return {
    ConsumerARN: arn,
    ConsumerCreationTimestamp: Math.floor(createdAt / 1000),
    ConsumerName: name,
    ConsumerStatus: status,
  };
}

/** Finds a consumer by its ARN, by its name and its stream's ARN, or by all three if they agree (botocore). */
function findConsumer(input: ConsumerName, context: Context): { stream: Stream; consumer: Consumer } {
  const { ConsumerARN: arn, ConsumerName: name, StreamARN } = input;
  if (arn === undefined && (name === undefined || StreamARN === undefined))
    throw invalidArgument('Either ConsumerARN or both StreamARN and ConsumerName should be provided.');
  const stream = context.store.get(streamNameOf({ StreamARN: arn ?? StreamARN ?? '' }));
  const consumer = stream.consumers.list().find((one) => one.arn === arn || one.name === name);
  const agrees =
    consumer !== undefined &&
    (arn === undefined || consumer.arn === arn) &&
    (name === undefined || consumer.name === name) &&
    (StreamARN === undefined || stream.arn === StreamARN);
  if (agrees) return { stream, consumer };
  throw new KinesisError(
    'ResourceNotFoundException',
    `Consumer ${name ?? arn} of stream ${stream.name} under account ${context.account.id} not found.`,
  );
}
