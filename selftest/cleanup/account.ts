import {
  GetResourcesCommand,
  GetRestApisCommand,
  GetStagesCommand,
  type RestApi,
} from '@aws-sdk/client-api-gateway';
import {
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import {
  DescribeStreamSummaryCommand,
  ListStreamsCommand,
  ListTagsForStreamCommand,
} from '@aws-sdk/client-kinesis';
import type { Clients } from '../../infra/provision/clients.ts';

/** Everything in an account that this suite could touch, by kind and name, each with what it is like. */
export type Contents = Readonly<Record<string, unknown>>;

/** Reads an account of an embedded AWS whole; small enough that no list has a second page. */
export async function contentsOf({ kinesis, iam, apiGateway }: Clients): Promise<Contents> {
  const contents: Record<string, unknown> = {};
  let after: string | undefined;
  for (;;) {
    const page: { StreamNames?: string[] | undefined; HasMoreStreams?: boolean | undefined } =
      await kinesis.send(new ListStreamsCommand(after ? { ExclusiveStartStreamName: after } : {}));
    for (const StreamName of page.StreamNames ?? []) {
      const { StreamDescriptionSummary } = await kinesis.send(
        new DescribeStreamSummaryCommand({ StreamName }),
      );
      const { Tags } = await kinesis.send(new ListTagsForStreamCommand({ StreamName }));
      contents[`stream ${StreamName}`] = { ...StreamDescriptionSummary, Tags };
      after = StreamName;
    }
    if (!page.HasMoreStreams) break;
  }
  const { Roles = [] } = await iam.send(new ListRolesCommand({ MaxItems: 1000 }));
  for (const { RoleName } of Roles) {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    contents[`role ${RoleName}`] = { ...Role, PolicyNames, AttachedPolicies };
  }
  const { items = [] } = await apiGateway.send(new GetRestApisCommand({ limit: 500 }));
  for (const api of items as RestApi[]) {
    const restApiId = api.id;
    const { items: resources } = await apiGateway.send(
      new GetResourcesCommand({ restApiId, embed: ['methods'] }),
    );
    const { item: stages } = await apiGateway.send(new GetStagesCommand({ restApiId }));
    contents[`REST API ${api.id}`] = { ...api, resources, stages };
  }
  return contents;
}
