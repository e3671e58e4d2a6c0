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

/** Makes an API key, and a usage plan for each stage that lets it in. @returns the key's value. */
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
 * Lets a key into an API's stage, by a usage plan that limits nothing: limits that the definition declares would fail
 * calls that are not at fault.
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

/** That it is gone already is as good. */
export async function removeApiKey(clients: Clients, apiKey: string): Promise<void> {
  await unlessGone(
    clients.apiGateway.send(new DeleteApiKeyCommand({ apiKey })),
    async () => !(await listApiKeys(clients)).some(({ id }) => id === apiKey),
  );
}

/** Takes a plan off its stages, with which it cannot be deleted, and deletes it; that it is gone already is as good. */
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

/** Where a policy demands a tag, what is not there is refused too, so a denial is looked into. */
async function unlessGone(removal: Promise<unknown>, isGone: () => Promise<boolean>): Promise<void> {
  try {
    await unlessAbsent(removal);
  } catch (refused) {
    if (!isDenial(refused) || !(await isGone())) throw refused;
  }
}

/** Every API key of the account, without its value. */
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

/** Every usage plan of the account. */
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
