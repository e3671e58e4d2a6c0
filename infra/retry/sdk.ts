import { noteIterator, shardKey, shardOfIterator } from './calls.ts';
import { type AwsCall, retry } from './retry.ts';
import { transientErrorOf } from './transient-error.ts';

type Handler = (args: { input: object }) => Promise<{ output: object; response: unknown }>;
interface Client {
  readonly middlewareStack: {
    add(
      middleware: never,
      options: { readonly step: 'initialize'; readonly name: string; readonly priority: 'high' },
    ): void;
  };
}

interface KinesisInput {
  readonly StreamName?: string;
  readonly StreamARN?: string;
  readonly ShardId?: string;
  readonly ShardIterator?: string;
}

/**
 * Makes an SDK client keep to AWS's quotas and retry after transient errors; the SDK's own retries have to be off.
 * When the answer to a creation was lost, the retry may find that the first attempt took effect: that is success.
 */
export function retryTransientErrors(client: Client, service: 'kinesis' | 'apigateway' | 'iam'): void {
  const middleware = (next: Handler, context: { commandName?: string }): Handler => {
    const action = (context.commandName ?? '').replace(/Command$/, '');
    return async (args) => {
      const call = sdkCall(service, action, args.input as KinesisInput);
      let tookEffect = false;
      const result = await retry(
        call,
        (attempt) =>
          next(args).catch((error: unknown) => {
            if (attempt > 1 && tookEffect && isDone(action, error))
              return { output: { $metadata: {} }, response: undefined };
            throw error;
          }),
        (outcome) => {
          const transient = 'error' in outcome ? transientErrorOf(outcome.error) : undefined;
          tookEffect ||= transient === 'lost-connection' || transient === 'server-error';
          return transient;
        },
      );
      if (service === 'kinesis') {
        const { ShardIterator, NextShardIterator } = result.output as Record<string, unknown>;
        noteIterator(ShardIterator ?? NextShardIterator, call.shard);
      }
      return result;
    };
  };
  client.middlewareStack.add(middleware as never, {
    step: 'initialize',
    name: 'rateLimitedRetry',
    priority: 'high',
  });
}

function sdkCall(service: string, action: string, input: KinesisInput): AwsCall {
  if (service !== 'kinesis') return { action, isApiGateway: service === 'apigateway' };
  const stream = input.StreamName ?? input.StreamARN?.split('/')[1];
  if (action === 'GetShardIterator') return { action, shard: shardKey(stream, input.ShardId) };
  if (action === 'GetRecords') return { action, shard: shardOfIterator(input.ShardIterator) };
  return { action };
}

function isDone(action: string, error: unknown): boolean {
  const { name } = error as Error;
  if (action === 'CreateStream') return name === 'ResourceInUseException';
  // The caller needs nothing from its answer, unlike that of CreateRole.
  return action === 'CreateUser' && /^EntityAlreadyExists/.test(name);
}
