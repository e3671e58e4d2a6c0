import * as gateway from '@aws-sdk/client-api-gateway';
import { ROLE_PATH } from '../../../infra/provision/role.ts';
import { type Attack, arnOf, document, type Fixture, ours, tags } from './fixture.ts';

/** Attacks on an API of another user. */
export function onApis({ runner, foreignApis }: Fixture): Attack[] {
  const send = runner.apiGateway.send.bind(runner.apiGateway) as (command: unknown) => Promise<unknown>;
  return foreignApis.flatMap(({ restApiId, resourceId }, index): Attack[] => {
    const whose = index === 0 ? "another user's API" : "another user's tagged API";
    const resourceArn = `arn:aws:apigateway:us-east-1::/restapis/${restApiId}`;
    const stage = `${resourceArn}/stages/prod`;
    const method = { restApiId, resourceId, httpMethod: 'GET' };
    const patch = (path: string, value: string) => ({
      patchOperations: [{ op: 'replace' as const, path, value }],
    });
    const { TagResourceCommand: Tag, UntagResourceCommand: Untag } = gateway;
    return (
      [
        ['adopted by its tag', () => send(new Tag({ resourceArn, tags }))],
        ['given a tag', () => send(new Tag({ resourceArn, tags: { owner: 'me' } }))],
        ['adopted by the tag of a stage', () => send(new Tag({ resourceArn: stage, tags }))],
        ['robbed of its tag', () => send(new Untag({ resourceArn, tagKeys: ['owner'] }))],
        ['asked for its tags', () => send(new gateway.GetTagsCommand({ resourceArn }))],
        [
          'overwritten',
          () => send(new gateway.PutRestApiCommand({ restApiId, mode: 'overwrite', body: document() })),
        ],
        [
          'merged into',
          () => send(new gateway.PutRestApiCommand({ restApiId, mode: 'merge', body: document() })),
        ],
        ['deployed', () => send(new gateway.CreateDeploymentCommand({ restApiId, stageName: 'prod' }))],
        ['given a stage', () => send(new gateway.CreateDeploymentCommand({ restApiId, stageName: 'new' }))],
        [
          'given a stage with the tag',
          () => send(new gateway.CreateStageCommand({ restApiId, stageName: 's', deploymentId: 'd', tags })),
        ],
        ['deleted', () => send(new gateway.DeleteRestApiCommand({ restApiId }))],
        ['rid of its stage', () => send(new gateway.DeleteStageCommand({ restApiId, stageName: 'prod' }))],
        ['renamed', () => send(new gateway.UpdateRestApiCommand({ restApiId, ...patch('/name', 'mine') }))],
        [
          'given another role',
          () =>
            send(
              new gateway.UpdateIntegrationCommand({
                ...method,
                ...patch('/credentials', arnOf(ours.RoleName, ROLE_PATH)),
              }),
            ),
        ],
        ['rid of a method', () => send(new gateway.DeleteMethodCommand(method))],
        ['called by a test', () => send(new gateway.TestInvokeMethodCommand(method))],
        ['read', () => send(new gateway.GetResourcesCommand({ restApiId }))],
        [
          'exported',
          () => send(new gateway.GetExportCommand({ restApiId, stageName: 'prod', exportType: 'swagger' })),
        ],
      ] as Attack[]
    ).map(([what, carryOut]) => [`${whose} ${what}`, carryOut] as const);
  });
}
