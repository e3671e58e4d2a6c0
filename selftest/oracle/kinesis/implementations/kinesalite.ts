import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { messageOf } from '../../../../infra/errors.ts';
import { OracleUnavailable } from '../../report.ts';
import { ACCOUNT, type Implementation, REGION } from './implementation.ts';
import { overHttp } from './over-http.ts';

const SHARD_LIMIT = 20_000;

type Kinesalite = (options: Readonly<Record<string, number>>) => Server;

/** kinesalite, whose error texts were captured from AWS. @throws OracleUnavailable where it is not installed. */
export async function startKinesalite(): Promise<Implementation> {
  let kinesalite: Kinesalite;
  try {
    kinesalite = createRequire(import.meta.url)('kinesalite') as Kinesalite;
  } catch (error) {
    throw new OracleUnavailable(`kinesalite cannot be loaded (${messageOf(error)}); npm ci installs it`);
  }
  const server = kinesalite({
    createStreamMs: 0,
    deleteStreamMs: 0,
    updateStreamMs: 0,
    shardLimit: SHARD_LIMIT,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { call, stop } = overHttp('kinesalite', (server.address() as AddressInfo).port);
  return {
    call: async (action, input) => {
      const { status, body } = await call(action, input);
      // Its texts name the account and region of the environment, if set.
      const text = body
        .replaceAll(accountOf(process.env), ACCOUNT)
        .replaceAll(`in ${regionOf(process.env)}.`, `in ${REGION}.`);
      return { status, body: text };
    },
    stop: async () => {
      await stop();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const accountOf = (environment: NodeJS.ProcessEnv) =>
  (environment.AWS_ACCOUNT_ID ?? ACCOUNT).replace(/\D/g, '') || ACCOUNT;
const regionOf = (environment: NodeJS.ProcessEnv) =>
  environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? REGION;
