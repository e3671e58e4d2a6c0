import { CreateRestApiCommand, ImportRestApiCommand, PutRestApiCommand } from '@aws-sdk/client-api-gateway';
import { messageOf } from '../errors.ts';
import type { Clients } from './clients.ts';
import { type MakeApi, removeRestApi } from './rest-api.ts';

/**
 * Creates a REST API from an OpenAPI document, as JSON or YAML text. ImportRestApi takes no tags; the caller adds them
 * later, and deletes the API.
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
 * Creates an empty REST API with its tags, then puts an OpenAPI document, as JSON text, into it. The API is never
 * without its tags, so the run needs no permission to tag existing APIs. The caller deletes the API.
 */
export const createAndPut: MakeApi = async (clients, { document, tags }) => {
  const { apiGateway } = clients;
  const { info } = JSON.parse(document) as { info?: { title?: string; description?: string } };
  const { id: restApiId } = await apiGateway.send(
    new CreateRestApiCommand({
      // CreateRestApi rejects the empty name of a document without a title, as ImportRestApi does.
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
      throw new Error(
        `${messageOf(error)}; the unfinished API ${restApiId} could not be deleted (${messageOf(left)})`,
      );
    });
    throw error;
  }
  return { restApiId };
};
