import { ImportRestApiCommand } from '@aws-sdk/client-api-gateway';
import type { Clients } from './clients.ts';

/** Makes a REST API from an OpenAPI document, as JSON or YAML text. The caller undoes it. */
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
