import {
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import type { Interface } from '../definition/interface/types.ts';
import type { Authentication, DeployedApi } from '../targets/deployed-api.ts';
import type { Clients } from './clients.ts';
import type { Tags } from './tags.ts';
import { type UndoStack, unlessAbsent } from './undo.ts';

/**
 * Gives the run's client what the API's methods demand: an API key with a usage plan for each stage, and signatures.
 * @param client.name of the key and its plans.
 * @returns undefined where no method that calls Kinesis demands anything that can be made.
 */
export async function makeCaller(
  clients: Clients,
  offered: Interface,
  client: { name: string; tags: Tags; region: string; apis: readonly DeployedApi[] },
  undo: UndoStack,
): Promise<Authentication | undefined> {
  const needsKey = offered.calls.some(({ apiKeyRequired }) => apiKeyRequired);
  const signs = offered.calls.some(({ auth }) => auth === 'iam');
  if (!needsKey && !signs) return undefined;
  const iam = signs ? { iam: { region: client.region } } : {};
  if (!needsKey) return iam;
  const key = await makeKey(clients, client, undo);
  for (const api of client.apis) await openStage(clients, { ...client, keyId: key.id, api }, undo);
  return { ...iam, apiKey: key.value };
}

async function makeKey(
  { apiGateway }: Clients,
  { name, tags }: { name: string; tags: Tags },
  undo: UndoStack,
): Promise<{ id: string; value: string }> {
  const { id, value } = await apiGateway.send(
    new CreateApiKeyCommand({ name, enabled: true, tags: { ...tags } }),
  );
  if (id === undefined || value === undefined) throw new Error('CreateApiKey answered without a key');
  undo.push(`API key ${name}`, () => unlessAbsent(apiGateway.send(new DeleteApiKeyCommand({ apiKey: id }))));
  return { id, value };
}

/**
 * Lets a key into an API's stage, by a usage plan that limits nothing: limits that the definition declares would fail
 * calls that are not at fault.
 */
async function openStage(
  { apiGateway }: Clients,
  { name, tags, keyId, api }: { name: string; tags: Tags; keyId: string; api: DeployedApi },
  undo: UndoStack,
): Promise<void> {
  const { restApiId: apiId, stage } = api;
  const { id } = await apiGateway.send(
    new CreateUsagePlanCommand({ name, apiStages: [{ apiId, stage }], tags: { ...tags } }),
  );
  if (id === undefined) throw new Error('CreateUsagePlan answered without an id');
  undo.push(`usage plan ${name}`, async () => {
    // A plan with stages cannot be deleted.
    await unlessAbsent(
      apiGateway.send(
        new UpdateUsagePlanCommand({
          usagePlanId: id,
          patchOperations: [{ op: 'remove', path: '/apiStages', value: `${apiId}:${stage}` }],
        }),
      ),
    );
    await unlessAbsent(apiGateway.send(new DeleteUsagePlanCommand({ usagePlanId: id })));
  });
  await apiGateway.send(new CreateUsagePlanKeyCommand({ usagePlanId: id, keyId, keyType: 'API_KEY' }));
}
