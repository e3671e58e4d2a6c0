import {
  CreateDeploymentCommand,
  DeleteStageCommand,
  GetResourcesCommand,
  PutRestApiCommand,
  UpdateIntegrationCommand,
} from '@aws-sdk/client-api-gateway';
import { loadDefinition, underOneRole } from '../../infra/definition/definition.ts';
import type { Clients } from '../../infra/provision/clients.ts';
import type { DeployedApi } from '../../infra/targets/deployed-api.ts';
import { combine, type Mutant } from '../changes/change.ts';
import { inTemplate } from '../changes/definition.ts';

/** Changes after the deployment, and missing deployments. */
export const deployments: readonly Mutant[] = [
  {
    name: 'stage-deleted',
    why: 'The stage was deleted.',
    clauses: ['DEF-12', 'JOURNEY-1', 'LIST-1'],
    change: afterwards(async ({ restApiId, stage: stageName }, { apiGateway }) => {
      await apiGateway.send(new DeleteStageCommand({ restApiId, stageName }));
    }),
  },
  {
    name: 'newest-deployment-not-staged',
    why: 'A new deployment was made, but the stage still points to the old one.',
    clauses: ['DEF-12'],
    change: afterwards(async ({ restApiId }, { apiGateway }) => {
      await apiGateway.send(new CreateDeploymentCommand({ restApiId }));
    }),
  },
  {
    name: 'deployment-forgotten',
    why: 'The default was corrected from 4 to 5, but never deployed: the definition is right, the stage is not.',
    clauses: ['CREATE-1', 'CREATE-2', 'CREATE-6'],
    change: combine(inTemplate('create a stream', ' 5 ', ' 4 '), afterwards(overwriteWithTutorial)),
  },
  {
    name: 'data-mapping-not-deployed',
    why: 'The mapping of Data was corrected but never deployed: a test invocation stores the right data, the stage does not.',
    clauses: ['DEF-14', 'PUT-3'],
    change: combine(
      inTemplate('put a record', "$input.json('$.Data')", "$input.path('$.Data')"),
      afterwards(overwriteWithTutorial),
    ),
  },
  {
    name: 'changed-after-deployment',
    why: 'A change was not deployed: the console’s test shows it, but clients get the old API.',
    clauses: ['DEF-14', 'GW-12'],
    change: afterwards(async ({ restApiId }, { apiGateway }) => {
      const { items = [] } = await apiGateway.send(new GetResourcesCommand({ restApiId, limit: 500 }));
      const resourceId = items.find(({ path }) => path?.endsWith('/records'))?.id;
      const template = '{"StreamName": "$input.params(\'stream-name\')", "Records": []}';
      await apiGateway.send(
        new UpdateIntegrationCommand({
          restApiId,
          resourceId,
          httpMethod: 'PUT',
          patchOperations: [{ op: 'replace', path: '/requestTemplates/application~1json', value: template }],
        }),
      );
    }),
  },
  {
    name: 'role-of-the-caller',
    why: 'One method calls Kinesis with the credentials of its caller, but its callers are anonymous.',
    clauses: ['DEF-5', 'PUTS-1', 'ROLE-2'],
    change: afterwards(async ({ restApiId, stage: stageName }, { apiGateway }) => {
      const { items = [] } = await apiGateway.send(new GetResourcesCommand({ restApiId, limit: 500 }));
      const resourceId = items.find(({ path }) => path?.endsWith('/records'))?.id;
      await apiGateway.send(
        new UpdateIntegrationCommand({
          restApiId,
          resourceId,
          httpMethod: 'PUT',
          patchOperations: [{ op: 'replace', path: '/credentials', value: 'arn:aws:iam::*:user/*' }],
        }),
      );
      await apiGateway.send(new CreateDeploymentCommand({ restApiId, stageName }));
    }),
  },
];

function afterwards(act: (api: DeployedApi, clients: Clients) => Promise<void>) {
  return { deployment: { afterwards: act } };
}

async function overwriteWithTutorial({ restApiId, roleArn = '' }: DeployedApi, { apiGateway }: Clients) {
  const region = await apiGateway.config.region();
  const body = new TextEncoder().encode(underOneRole(loadDefinition('tutorial'), { region, roleArn }));
  await apiGateway.send(new PutRestApiCommand({ restApiId, mode: 'overwrite', body }));
}
