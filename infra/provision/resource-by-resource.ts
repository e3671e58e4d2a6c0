import {
  CreateModelCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  DeleteModelCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { messageOf } from '../errors.ts';
import type { Clients } from './clients.ts';
import { type MethodPlan, planApi } from './method-plan.ts';
import { removeRestApi } from './rest-api.ts';
import type { Tags } from './tags.ts';

/** The models that API Gateway adds to every new API, but that an import does not create. */
const STARTING_MODELS = ['Empty', 'Error'];

/**
 * Creates the API of an OpenAPI document resource by resource and method by method instead of importing it, in the
 * order in which a reader of the tutorial works through the console. The caller deletes the API.
 * @param api.document OpenAPI 2 or 3 as JSON text.
 */
export async function createResourceByResource(
  clients: Clients,
  api: { document: string; tags?: Tags | undefined },
): Promise<{ restApiId: string }> {
  const plan = planApi(JSON.parse(api.document));
  const { apiGateway } = clients;
  const { id: restApiId } = await apiGateway.send(
    new CreateRestApiCommand({
      name: plan.name,
      description: plan.description,
      version: plan.version,
      ...(api.tags && { tags: api.tags }),
    }),
  );
  if (restApiId === undefined) throw new Error('CreateRestApi answered without an id');
  try {
    for (const modelName of STARTING_MODELS)
      await apiGateway.send(new DeleteModelCommand({ restApiId, modelName })).catch(() => undefined);
    for (const { name, schema } of plan.models)
      await apiGateway.send(
        new CreateModelCommand({ restApiId, name, schema, contentType: 'application/json' }),
      );
    const resourceIds = await createResources(clients, restApiId, plan.paths);
    for (const method of plan.methods) {
      const resourceId = resourceIds.get(method.path);
      await createMethod(clients, { restApiId, resourceId: resourceId as string }, method);
    }
  } catch (error) {
    await removeRestApi(clients, restApiId).catch((left: unknown) => {
      throw new Error(
        `${messageOf(error)}; the unfinished API ${restApiId} could not be deleted (${messageOf(left)})`,
      );
    });
    throw error;
  }
  return { restApiId };
}

async function createResources(
  { apiGateway }: Clients,
  restApiId: string,
  paths: readonly string[],
): Promise<Map<string, string>> {
  const { items = [] } = await apiGateway.send(new GetResourcesCommand({ restApiId }));
  const ids = new Map(items.map(({ path, id }) => [path as string, id as string]));
  for (const path of paths) {
    const steps = path.split('/').filter(Boolean);
    for (const [index, pathPart] of steps.entries()) {
      const own = `/${steps.slice(0, index + 1).join('/')}`;
      if (ids.has(own)) continue;
      const parentId = ids.get(`/${steps.slice(0, index).join('/')}`) as string;
      const { id } = await apiGateway.send(new CreateResourceCommand({ restApiId, parentId, pathPart }));
      ids.set(own, id as string);
    }
  }
  return ids;
}

async function createMethod(
  { apiGateway }: Clients,
  at: { restApiId: string; resourceId: string },
  method: MethodPlan,
): Promise<void> {
  const here = { ...at, httpMethod: method.httpMethod };
  await apiGateway.send(new PutMethodCommand({ ...here, ...method.request }));
  for (const response of method.responses)
    await apiGateway.send(new PutMethodResponseCommand({ ...here, ...response }));
  if (!method.integration) return;
  const { responses, ...integration } = method.integration;
  await apiGateway.send(new PutIntegrationCommand({ ...here, ...integration }));
  for (const response of responses)
    await apiGateway.send(new PutIntegrationResponseCommand({ ...here, ...response }));
}
