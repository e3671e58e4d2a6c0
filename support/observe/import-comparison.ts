import { loadDefinition, underOneRole } from '../../infra/definition/definition.ts';
import { createAndPut, importApi } from '../../infra/provision/import.ts';
import { createResourceByResource } from '../../infra/provision/resource-by-resource.ts';
import { type MakeApi, makeRestApi } from '../../infra/provision/rest-api.ts';
import type { UndoStack } from '../../infra/provision/undo.ts';
import { type ApiConfiguration, readApi } from './configuration.ts';
import type { Worker } from './worker.ts';

/** Creates two APIs from the run's definition, one by import and one resource by resource, and reads both. */
export async function createImportedAndBuilt(worker: Worker, undo: UndoStack): Promise<ApiConfiguration[]> {
  const { deployment } = worker;
  const { definition, region, proxy } = deployment;
  const source = loadDefinition(
    definition.path.startsWith('infra/proxy/') ? definition.name : definition.path,
    definition.choices,
  );
  const document = underOneRole(source, { region, roleArn: proxy.roleArn ?? '' });
  const builds: ApiConfiguration[] = [];
  // The same way as the API under test (provision.ts).
  const makeImported = deployment.target.kind === 'aws' ? createAndPut : importApi;
  for (const make of [makeImported, createResourceByResource])
    builds.push(await makeOne(worker, make, document, undo));
  return builds;
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
