import {
  type ApiKey,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanCommand,
  GetApiKeysCommand,
  GetUsagePlanCommand,
  GetUsagePlansCommand,
  UpdateUsagePlanCommand,
  type UsagePlan,
} from '@aws-sdk/client-api-gateway';
import type { DeployedApi } from '../targets/deployed-api.ts';
import type { Clients } from './clients.ts';
import type { Thing } from './journal.ts';
import type { Tags } from './tags.ts';
import { isDenial, isRefusal, type UndoStack, unlessAbsent } from './undo.ts';

/** Creates an API key and, for each stage, a usage plan that admits it. @returns the key's value. */
export async function makeApiKey(
  clients: Clients,
  { name, tags, apis }: { name: string; tags: Tags; apis: readonly DeployedApi[] },
  undo: UndoStack,
): Promise<string> {
  const key = await makeKey(clients, { name, tags }, undo);
  for (const [index, api] of apis.entries())
    await openStage(clients, { name: `${name}-${index + 1}`, tags, keyId: key.id, api }, undo);
  return key.value;
}

async function makeKey(
  clients: Clients,
  { name, tags }: { name: string; tags: Tags },
  undo: UndoStack,
): Promise<{ id: string; value: string }> {
  const thing = { kind: 'api-key', name } as const;
  undo.journal.intend(thing, { taggedAtOnce: true });
  const { id, value } = await clients.apiGateway
    .send(new CreateApiKeyCommand({ name, enabled: true, tags: { ...tags } }))
    .catch(noteRefusal(undo, thing));
  if (id === undefined || value === undefined) throw new Error('CreateApiKey answered without a key');
  const made = { ...thing, id };
  undo.journal.note('created', made);
  undo.push(`API key ${name}`, () => removeApiKey(clients, id), made, { taggedAtOnce: true });
  return { id, value };
}

/**
 * Admits a key to an API's stage by a usage plan without limits: the limits that the definition declares could make
 * correct calls fail.
 */
async function openStage(
  clients: Clients,
  { name, tags, keyId, api }: { name: string; tags: Tags; keyId: string; api: DeployedApi },
  undo: UndoStack,
): Promise<void> {
  const thing = { kind: 'usage-plan', name } as const;
  undo.journal.intend(thing, { taggedAtOnce: true });
  const { restApiId: apiId, stage } = api;
  const { id } = await clients.apiGateway
    .send(new CreateUsagePlanCommand({ name, apiStages: [{ apiId, stage }], tags: { ...tags } }))
    .catch(noteRefusal(undo, thing));
  if (id === undefined) throw new Error('CreateUsagePlan answered without an id');
  const made = { ...thing, id };
  undo.journal.note('created', made);
  undo.push(`usage plan ${name}`, () => removeUsagePlan(clients, id), made, { taggedAtOnce: true });
  await clients.apiGateway.send(
    new CreateUsagePlanKeyCommand({ usagePlanId: id, keyId, keyType: 'API_KEY' }),
  );
}

function noteRefusal(undo: UndoStack, thing: Thing): (error: unknown) => never {
  return (error) => {
    if (isRefusal(error)) undo.journal.note('gone', thing);
    throw error;
  };
}

/** Deletes an API key; succeeds if it is already gone. */
export async function removeApiKey(clients: Clients, apiKey: string): Promise<void> {
  await unlessGone(
    clients.apiGateway.send(new DeleteApiKeyCommand({ apiKey })),
    async () => !(await listApiKeys(clients)).some(({ id }) => id === apiKey),
  );
}

/** Removes a plan from its stages, which AWS demands first, and deletes it; succeeds if it is already gone. */
export async function removeUsagePlan(clients: Clients, usagePlanId: string): Promise<void> {
  const { apiGateway } = clients;
  await unlessGone(
    (async () => {
      const { apiStages = [] } = await apiGateway.send(new GetUsagePlanCommand({ usagePlanId }));
      const patchOperations = apiStages.map(({ apiId, stage }) => ({
        op: 'remove' as const,
        path: '/apiStages',
        value: `${apiId}:${stage}`,
      }));
      if (patchOperations.length > 0)
        await apiGateway.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations }));
      await apiGateway.send(new DeleteUsagePlanCommand({ usagePlanId }));
    })(),
    async () => !(await listUsagePlans(clients)).some(({ id }) => id === usagePlanId),
  );
}

/**
 * A policy that demands a tag also denies the removal of missing things, so after a denial check whether it is gone.
 */
async function unlessGone(removal: Promise<unknown>, isGone: () => Promise<boolean>): Promise<void> {
  try {
    await unlessAbsent(removal);
  } catch (refused) {
    if (!isDenial(refused) || !(await isGone())) throw refused;
  }
}

/** Lists the account's API keys, without their values. */
export async function listApiKeys({ apiGateway }: Clients): Promise<ApiKey[]> {
  const keys: ApiKey[] = [];
  let position: string | undefined;
  do {
    const page: { items?: ApiKey[] | undefined; position?: string | undefined } = await apiGateway.send(
      new GetApiKeysCommand({
        limit: 500,
        includeValues: false,
        ...(position !== undefined && { position }),
      }),
    );
    keys.push(...(page.items ?? []));
    position = page.position;
  } while (position !== undefined);
  return keys;
}

/** Lists the account's usage plans. */
export async function listUsagePlans({ apiGateway }: Clients): Promise<UsagePlan[]> {
  const plans: UsagePlan[] = [];
  let position: string | undefined;
  do {
    const page: { items?: UsagePlan[] | undefined; position?: string | undefined } = await apiGateway.send(
      new GetUsagePlansCommand({ limit: 500, ...(position !== undefined && { position }) }),
    );
    plans.push(...(page.items ?? []));
    position = page.position;
  } while (position !== undefined);
  return plans;
}
