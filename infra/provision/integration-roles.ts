import { GetResourcesCommand, type Resource, UpdateIntegrationCommand } from '@aws-sdk/client-api-gateway';
import { isRole } from '../definition/definition.ts';
import { INTEGRATION } from '../definition/left-out.ts';
import { isObject, type JsonObject } from '../definition/types.ts';
import type { Clients } from './clients.ts';

/**
 * Changes the role of each integration that has one, as a function of its credentials in the definition. A stage keeps
 * the roles that it was deployed with, so one API can serve each stage under another role.
 * @param openapi the document from which the API was created.
 */
export async function setIntegrationRoles(
  { apiGateway }: Clients,
  restApiId: string,
  openapi: JsonObject,
  roleFor: (credentials: string) => string,
): Promise<void> {
  let position: string | undefined;
  do {
    const page: { items?: Resource[] | undefined; position?: string | undefined } = await apiGateway.send(
      new GetResourcesCommand({
        restApiId,
        limit: 500,
        embed: ['methods'],
        ...(position !== undefined && { position }),
      }),
    );
    for (const { id: resourceId, path = '', resourceMethods = {} } of page.items ?? [])
      for (const [httpMethod, { methodIntegration }] of Object.entries(resourceMethods)) {
        const value = roleFor(credentialsIn(openapi, path, httpMethod));
        const { credentials } = methodIntegration ?? {};
        if (!isRole(credentials) || credentials === value) continue;
        await apiGateway.send(
          new UpdateIntegrationCommand({
            restApiId,
            resourceId,
            httpMethod,
            patchOperations: [{ op: 'replace', path: '/credentials', value }],
          }),
        );
      }
    position = page.position;
  } while (position !== undefined);
}

/** The credentials of a method's integration in the definition; an empty string if it has none. */
function credentialsIn({ paths }: JsonObject, path: string, httpMethod: string): string {
  const key = httpMethod === 'ANY' ? 'x-amazon-apigateway-any-method' : httpMethod.toLowerCase();
  const item = isObject(paths) ? paths[path] : undefined;
  const operation = isObject(item) ? item[key] : undefined;
  const integration = isObject(operation) ? operation[INTEGRATION] : undefined;
  return isObject(integration) ? String(integration.credentials ?? '') : '';
}
