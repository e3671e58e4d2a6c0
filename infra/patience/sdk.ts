import { noteIterator, shardKey, shardOfIterator } from './calls.ts';
import { type AwsCall, repeat } from './repeat.ts';
import { troubleOfSdk } from './trouble.ts';

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
 * Has an SDK client keep to AWS's quotas and repeat what met with trouble; its own retries have to be off.
 * A creation whose first answer was lost may find at its second attempt that the first took effect: that is success.
 */
export function makePatient(client: Client, service: 'kinesis' | 'apigateway' | 'iam'): void {
  const middleware = (next: Handler, context: { commandName?: string }): Handler => {
    const action = (context.commandName ?? '').replace(/Command$/, '');
    return async (args) => {
      const call = sdkCall(service, action, args.input as KinesisInput);
      let tookEffect = false;
      const result = await repeat(
        call,
        (attempt) =>
          next(args).catch((error: unknown) => {
            if (attempt > 1 && tookEffect && isDone(action, error))
              return { output: { $metadata: {} }, response: undefined };
            throw error;
          }),
        (outcome) => {
          const trouble = 'error' in outcome ? troubleOfSdk(outcome.error) : undefined;
          tookEffect ||= trouble === 'lost-connection' || trouble === 'server-error';
          return trouble;
        },
      );
      if (service === 'kinesis') {
        const { ShardIterator, NextShardIterator } = result.output as Record<string, unknown>;
        noteIterator(ShardIterator ?? NextShardIterator, call.shard);
      }
      return result;
    };
  };
  client.middlewareStack.add(middleware as never, { step: 'initialize', name: 'patience', priority: 'high' });
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
  // Its answer tells nothing that the caller does not know, as that to CreateRole would.
  return action === 'CreateUser' && /^EntityAlreadyExists/.test(name);
}
