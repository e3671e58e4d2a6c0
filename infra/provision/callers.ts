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
import type { AuthenticationOptions } from '../targets/wish.ts';
import type { Clients } from './clients.ts';
import type { Tags } from './tags.ts';
import { type UndoStack, unlessAbsent } from './undo.ts';

/**
 * Gives the run's client what the API's methods demand, or what the user asks for: an API key with a usage plan for
 * each stage, and signatures; headers as the user gives them.
 * @param client.name of the key and its plans.
 * @param client.wanted undefined: what the methods that call Kinesis demand.
 * @returns undefined where a call carries nothing.
 */
export async function makeCaller(
  clients: Clients,
  offered: Interface,
  client: {
    name: string;
    tags: Tags;
    region: string;
    apis: readonly DeployedApi[];
    wanted: AuthenticationOptions | undefined;
  },
  undo: UndoStack,
): Promise<Authentication | undefined> {
  const { wanted } = client;
  const headers = wanted?.headers ?? {};
  // Headers stand beside what methods demand; what is named takes the place of it.
  const isNamed = wanted !== undefined && (wanted.iam || wanted.apiKey || Object.keys(headers).length === 0);
  const needsKey = isNamed ? wanted.apiKey : offered.calls.some(({ apiKeyRequired }) => apiKeyRequired);
  // Of a header Authorization and a signature a call has one.
  const isTaken = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  const signs = isNamed ? wanted.iam : !isTaken && offered.calls.some(({ auth }) => auth === 'iam');
  const given = {
    ...(signs && { iam: { region: client.region } }),
    ...(Object.keys(headers).length > 0 && { headers }),
  };
  if (!needsKey) return Object.keys(given).length > 0 ? given : undefined;
  const key = await makeKey(clients, client, undo);
  for (const api of client.apis) await openStage(clients, { ...client, keyId: key.id, api }, undo);
  return { ...given, apiKey: key.value };
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
