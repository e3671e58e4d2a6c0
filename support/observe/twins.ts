import { loadDefinition, underOneRole } from '../../infra/definition/definition.ts';
import { buildByHand } from '../../infra/provision/by-hand.ts';
import { createAndPut, importApi } from '../../infra/provision/import.ts';
import { type MakeApi, makeRestApi } from '../../infra/provision/rest-api.ts';
import type { UndoStack } from '../../infra/provision/undo.ts';
import { type ApiConfiguration, readApi } from './configuration.ts';
import type { Worker } from './worker.ts';

/** Makes two APIs of the run's definition, one by import, one by hand, and reads both. */
export async function makeTwins(worker: Worker, undo: UndoStack): Promise<ApiConfiguration[]> {
  const { deployment } = worker;
  const { definition, region, proxy } = deployment;
  const source = loadDefinition(
    definition.path.startsWith('infra/proxy/') ? definition.name : definition.path,
    definition.choices,
  );
  const document = underOneRole(source, { region, roleArn: proxy.roleArn ?? '' });
  const twins: ApiConfiguration[] = [];
  // In the same way as the judged API (provision.ts).
  const makeImported = deployment.target.kind === 'aws' ? createAndPut : importApi;
  for (const make of [makeImported, buildByHand]) twins.push(await makeOne(worker, make, document, undo));
  return twins;
}

async function makeOne(
  { clients, deployment }: Worker,
  make: MakeApi,
  document: string,
  undo: UndoStack,
): Promise<ApiConfiguration> {
  const { region, tags, proxy } = deployment;
  const label = proxy.roleName ?? deployment.prefix;
  const restApiId = await makeRestApi(
    clients,
    make,
    {
      label,
      document,
      region,
      tags,
      isSigned: deployment.journal !== undefined,
      takesTags: deployment.target.kind === 'aws',
    },
    undo,
  );
  return readApi(clients.apiGateway, restApiId);
}
