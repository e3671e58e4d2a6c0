import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { IAMClient } from '@aws-sdk/client-iam';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { BoundedHandler, boundPages } from '../bounds/sdk.ts';
import { retryTransientErrors } from '../retry/sdk.ts';
import type { WaitLevel } from '../retry/waits.ts';
import { inProcessConfig } from '../targets/in-process.ts';
import type { AwsAccess } from '../targets/target.ts';

/** The SDK clients of one target; provisioner and observations share them. */
export interface Clients {
  readonly apiGateway: APIGatewayClient;
  readonly iam: IAMClient;
  readonly kinesis: KinesisClient;
  /** Closes their connections. */
  destroy(): void;
}

/** @param level `aws` has them keep to AWS's quotas and repeat what AWS refuses for its rate or loses on the way. */
export function createClients(access: AwsAccess, level: WaitLevel = 'emulator'): Clients {
  const inProcess = inProcessConfig(access);
  // HTTP/1.1 for Kinesis too: the SDK's own choice, HTTP/2, is not spoken by every emulator
  // (docs/facts/emulators.md#protocol).
  const requestHandler = inProcess?.requestHandler ?? new BoundedHandler();
  const config = {
    region: access.region,
    ...(access.endpoint === undefined ? {} : { endpoint: access.endpoint }),
    ...(access.credentials === undefined ? {} : { credentials: access.credentials }),
    requestHandler,
    ...(inProcess && { signer: inProcess.signer }),
    // Our own middleware retries instead, and counts its retries.
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
  return { apiGateway, iam, kinesis, destroy: () => requestHandler.destroy() };
}
