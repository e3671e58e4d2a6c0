import { DeleteRestApiCommand, TagResourceCommand } from '@aws-sdk/client-api-gateway';
import { partitionOf } from '../targets/partitions.ts';
import type { Clients } from './clients.ts';
import { apiWord } from './journal.ts';
import type { Tags } from './tags.ts';
import { type UndoStack, unlessAbsent } from './undo.ts';

/** Makes a REST API of an OpenAPI document, as JSON text; tags where the way of making takes them. */
export type MakeApi = (
  clients: Clients,
  api: { document: string; tags: Tags | undefined },
) => Promise<{ restApiId: string }>;

/**
 * Makes a REST API, tags it, and has it undone.
 * @param api.label tells it from the run's others in the journal, such as the name of its role.
 */
export async function makeRestApi(
  clients: Clients,
  make: MakeApi,
  api: { label: string; document: string; region: string; tags: Tags | undefined },
  undo: UndoStack,
): Promise<string> {
  const thing = { kind: 'rest-api', name: apiWord(api.label) } as const;
  undo.journal.intend(thing);
  const { restApiId } = await make(clients, api).catch((error: unknown) => {
    if (isRefusal(error)) undo.journal.note('gone', thing);
    throw error;
  });
  const made = { ...thing, id: restApiId };
  undo.journal.note('created', made);
  undo.push(
    `REST API ${restApiId}`,
    () => unlessAbsent(clients.apiGateway.send(new DeleteRestApiCommand({ restApiId }))),
    made,
  );
  if (api.tags) {
    // ImportRestApi takes no tags, so there is a moment without.
    const resourceArn = `arn:${partitionOf(api.region).name}:apigateway:${api.region}::/restapis/${restApiId}`;
    await clients.apiGateway.send(new TagResourceCommand({ resourceArn, tags: api.tags }));
    undo.journal.note('tagged', made);
  }
  return restApiId;
}

/** The service itself said no, so nothing was made. */
function isRefusal(error: unknown): boolean {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number } };
  return ($metadata?.httpStatusCode ?? 500) < 500;
}
