import { GetResourcesCommand, type Resource, UpdateIntegrationCommand } from '@aws-sdk/client-api-gateway';
import type { Clients } from './clients.ts';

/**
 * Gives every integration of a REST API that has a role another one. A stage keeps what it was deployed with, so one
 * API serves each stage under a role of its own.
 */
export async function setIntegrationRoles(
  { apiGateway }: Clients,
  restApiId: string,
  roleArn: string,
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
    for (const { id: resourceId, resourceMethods = {} } of page.items ?? [])
      for (const [httpMethod, { methodIntegration }] of Object.entries(resourceMethods)) {
        if (!methodIntegration?.credentials || methodIntegration.credentials === roleArn) continue;
        await apiGateway.send(
          new UpdateIntegrationCommand({
            restApiId,
            resourceId,
            httpMethod,
            patchOperations: [{ op: 'replace', path: '/credentials', value: roleArn }],
          }),
        );
      }
    position = page.position;
  } while (position !== undefined);
}
