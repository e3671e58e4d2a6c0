import { DeleteRestApiCommand } from '@aws-sdk/client-api-gateway';
import { buildByHand } from '../../infra/provision/by-hand.ts';
import type { Clients } from '../../infra/provision/clients.ts';
import { importApi } from '../../infra/provision/import.ts';
import { type UndoStack, unlessAbsent } from '../../infra/provision/undo.ts';
import { loadDefinition } from '../../infra/proxy/definition.ts';
import { type ApiConfiguration, readApi } from './configuration.ts';
import type { Worker } from './worker.ts';

/** Makes two APIs of the run's definition, one by import, one by hand, and reads both. */
export async function makeTwins(
  { clients, deployment }: Worker,
  undo: UndoStack,
): Promise<ApiConfiguration[]> {
  const { definition, region, proxy } = deployment;
  const source = loadDefinition(
    definition.path.startsWith('infra/proxy/') ? definition.name : definition.path,
  );
  const document = source.render({ region, roleArn: proxy.roleArn ?? '' });
  const twins: ApiConfiguration[] = [];
  for (const make of [importApi, buildByHand]) twins.push(await makeOne(clients, make, document, undo));
  return twins;
}

async function makeOne(
  clients: Clients,
  make: typeof importApi,
  document: string,
  undo: UndoStack,
): Promise<ApiConfiguration> {
  const { restApiId } = await make(clients, { document });
  undo.push(`REST API ${restApiId}`, () =>
    unlessAbsent(clients.apiGateway.send(new DeleteRestApiCommand({ restApiId }))),
  );
  return readApi(clients.apiGateway, restApiId);
}
