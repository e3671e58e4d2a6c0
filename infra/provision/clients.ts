import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { IAMClient } from '@aws-sdk/client-iam';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { BoundedHandler, boundPages } from '../bounds/sdk.ts';
import { retryTransientErrors } from '../retry/sdk.ts';
import type { WaitLevel } from '../retry/waits.ts';
import { inProcessConfig } from '../targets/in-process.ts';
import type { AwsAccess } from '../targets/target.ts';

/** The SDK clients of one target, which the provisioner and the observations share. */
export interface Clients {
  readonly apiGateway: APIGatewayClient;
  readonly iam: IAMClient;
  readonly kinesis: KinesisClient;
  /** Closes their connections. */
  destroy(): void;
}

/** @param level `aws`: the clients keep to AWS's quotas, and retry calls that AWS throttles or that get lost. */
export function createClients(access: AwsAccess, level: WaitLevel = 'emulator'): Clients {
  const inProcess = inProcessConfig(access);
  // HTTP/1.1 for Kinesis too: not every emulator supports HTTP/2, the SDK's default (docs/facts/emulators.md#protocol).
  const calling = inProcess?.config ?? { requestHandler: new BoundedHandler() };
  const config = {
    region: access.region,
    ...(access.endpoint === undefined ? {} : { endpoint: access.endpoint }),
    ...(access.credentials === undefined ? {} : { credentials: access.credentials }),
    ...calling,
    // The project's own middleware retries instead, and counts its retries.
    ...(level === 'aws' && { maxAttempts: 1 }),
  };
  const apiGateway = new APIGatewayClient(config);
  const iam = new IAMClient(config);
  const kinesis = new KinesisClient(config);
  for (const client of [apiGateway, iam, kinesis]) {
    inProcess?.shorten(client);
    boundPages(client);
  }
  if (level === 'aws') {
    retryTransientErrors(apiGateway, 'apigateway');
    retryTransientErrors(iam, 'iam');
    retryTransientErrors(kinesis, 'kinesis');
  }
  return { apiGateway, iam, kinesis, destroy: () => calling.requestHandler.destroy() };
}
