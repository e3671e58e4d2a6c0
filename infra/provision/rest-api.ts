import { DeleteRestApiCommand, GetRestApisCommand, TagResourceCommand } from '@aws-sdk/client-api-gateway';
import { partitionOf } from '../partitions.ts';
import type { Clients } from './clients.ts';
import { apiWord } from './journal.ts';
import type { Tags } from './tags.ts';
import { isDenial, isRefusal, type UndoStack, unlessAbsent } from './undo.ts';

/** Creates a REST API from an OpenAPI document, as JSON text; takes tags only if the creating call can set them. */
export type MakeApi = (
  clients: Clients,
  api: { document: string; tags: Tags | undefined },
) => Promise<{ restApiId: string }>;

/**
 * Deletes a REST API; succeeds if it is already gone. A policy that demands the run's tag also denies the deletion of a
 * missing API, so after a denial it checks whether the API is gone.
 */
export async function removeRestApi({ apiGateway }: Clients, restApiId: string): Promise<void> {
  try {
    await unlessAbsent(apiGateway.send(new DeleteRestApiCommand({ restApiId })));
  } catch (refused) {
    if (!isDenial(refused) || (await isListed(apiGateway, restApiId))) throw refused;
  }
}

async function isListed(apiGateway: Clients['apiGateway'], restApiId: string): Promise<boolean> {
  let position: string | undefined;
  do {
    const page: { items?: { id?: string | undefined }[] | undefined; position?: string | undefined } =
      await apiGateway.send(
        new GetRestApisCommand({ limit: 500, ...(position !== undefined && { position }) }),
      );
    if (page.items?.some(({ id }) => id === restApiId)) return true;
    position = page.position;
  } while (position !== undefined);
  return false;
}

/**
 * Creates a REST API, tags it and registers its undo.
 * @param api.label distinguishes it from the run's other APIs in the journal, such as the name of its role.
 * @param api.isSigned ends its description with `[label]`: an API keeps the definition's name, so if the answer to its
 * creation gets lost, a sweep can recognise it only by what lists of APIs show.
 * @param api.takesTags whether `make` sets the tags, so that the API never exists without them. Otherwise it is tagged
 * afterwards; if the service cannot tag, the description and the journal must identify it.
 */
export async function makeRestApi(
  clients: Clients,
  make: MakeApi,
  api: {
    label: string;
    document: string;
    region: string;
    tags: Tags | undefined;
    isSigned: boolean;
    takesTags: boolean;
  },
  undo: UndoStack,
): Promise<string> {
  const thing = { kind: 'rest-api', name: apiWord(api.label) } as const;
  undo.journal.intend(thing, { taggedAtOnce: api.takesTags });
  const document = api.isSigned ? signed(api.document, api.label) : api.document;
  const { restApiId } = await make(clients, { ...api, document }).catch((error: unknown) => {
    if (isRefusal(error)) undo.journal.note('gone', thing);
    throw error;
  });
  const made = { ...thing, id: restApiId };
  undo.journal.note('created', made);
  undo.push(`REST API ${restApiId}`, () => removeRestApi(clients, restApiId), made);
  if (api.tags && !api.takesTags)
    await tagRestApi(clients, { restApiId, region: api.region, tags: api.tags }).then(
      () => undo.journal.note('tagged', made),
      () => undefined,
    );
  return restApiId;
}

async function tagRestApi(
  { apiGateway }: Clients,
  { restApiId, region, tags }: { restApiId: string; region: string; tags: Tags },
): Promise<void> {
  const resourceArn = `arn:${partitionOf(region).name}:apigateway:${region}::/restapis/${restApiId}`;
  await apiGateway.send(new TagResourceCommand({ resourceArn, tags: { ...tags } }));
}

function signed(document: string, label: string): string {
  const api = JSON.parse(document) as { info?: { description?: string } };
  const description = [api.info?.description, `[${label}]`].filter(Boolean).join(' ');
  return JSON.stringify({ ...api, info: { ...api.info, description } });
}

/** The label at the end of an API's description; undefined if there is none. */
export function labelIn(description: string | undefined): string | undefined {
  return /\[([^[\]]+)\]$/.exec(description ?? '')?.[1];
}
