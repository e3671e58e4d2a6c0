import { CreateRestApiCommand, ImportRestApiCommand, PutRestApiCommand } from '@aws-sdk/client-api-gateway';
import { messageOf } from '../errors.ts';
import type { Clients } from './clients.ts';
import { type MakeApi, removeRestApi } from './rest-api.ts';

/**
 * Makes a REST API from an OpenAPI document, as JSON or YAML text. ImportRestApi takes no tags: they come later. The
 * caller undoes it.
 */
export async function importApi(
  { apiGateway }: Clients,
  api: { document: string },
): Promise<{ restApiId: string }> {
  const { id } = await apiGateway.send(
    new ImportRestApiCommand({ body: new TextEncoder().encode(api.document), failOnWarnings: false }),
  );
  if (id === undefined) throw new Error('ImportRestApi answered without an id');
  return { restApiId: id };
}

/**
 * Makes an empty REST API with its tags and puts an OpenAPI document, as JSON text, over it: there is no moment in which
 * it lacks them, so nobody needs the right to tag an API that is there already. The caller undoes it.
 */
export const createAndPut: MakeApi = async (clients, { document, tags }) => {
  const { apiGateway } = clients;
  const { info } = JSON.parse(document) as { info?: { title?: string; description?: string } };
  const { id: restApiId } = await apiGateway.send(
    new CreateRestApiCommand({
      // A document without a title is refused, as ImportRestApi refuses it.
      name: info?.title ?? '',
      ...(info?.description && { description: info.description }),
      ...(tags && { tags: { ...tags } }),
    }),
  );
  if (restApiId === undefined) throw new Error('CreateRestApi answered without an id');
  try {
    const body = new TextEncoder().encode(document);
    await apiGateway.send(
      new PutRestApiCommand({ restApiId, mode: 'overwrite', body, failOnWarnings: false }),
    );
  } catch (error) {
    await removeRestApi(clients, restApiId).catch((left: unknown) => {
      throw new Error(`${messageOf(error)}; its beginning, ${restApiId}, is left (${messageOf(left)})`);
    });
    throw error;
  }
  return { restApiId };
};
