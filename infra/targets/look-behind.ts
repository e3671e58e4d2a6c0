import { GetResourcesCommand, GetRestApiCommand, GetStagesCommand } from '@aws-sdk/client-api-gateway';
import { ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { messageOf, TargetError } from '../errors.ts';
import type { Clients } from '../provision/clients.ts';
import type { Capability } from './capabilities.ts';

/** What credentials let the suite see behind a deployed API. */
export interface Insight {
  readonly capabilities: readonly Capability[];
  /** For the report: what is seen, and why the rest is not. */
  readonly told: string;
  readonly stage?: string;
  readonly role?: { readonly roleArn: string; readonly roleName: string };
  /** All that the control plane says of the methods, as text. */
  readonly configuration?: string;
}

interface Api {
  readonly url: string;
  readonly restApiId: string | undefined;
  readonly stage: string | undefined;
  /** Names of streams as the API lists them. */
  readonly listed: readonly string[] | undefined;
}

const DENIED = ['AccessDeniedException', 'AccessDenied'];

/**
 * Asks API Gateway and Kinesis what they show, changing nothing.
 * @throws TargetError where the credentials are refused, or are of an account that has no such API.
 */
export async function lookBehind(clients: Clients, api: Api): Promise<Insight> {
  const gateway = await lookAtGateway(clients, api);
  const kinesis = await lookAtKinesis(clients, api, gateway.capabilities.length > 0);
  return {
    ...gateway,
    capabilities: [...gateway.capabilities, ...kinesis.capabilities],
    told: `${gateway.told}; ${kinesis.told}`,
  };
}

async function lookAtGateway({ apiGateway }: Clients, { restApiId, stage }: Api): Promise<Insight> {
  if (restApiId === undefined)
    return { capabilities: [], told: 'API Gateway no: the URL does not tell the REST API (--rest-api-id)' };
  try {
    await apiGateway.send(new GetRestApiCommand({ restApiId }));
    const { item: stages = [] } = await apiGateway.send(new GetStagesCommand({ restApiId }));
    const configuration = await readConfiguration(apiGateway, restApiId);
    const known = stage ?? (stages.length === 1 ? stages[0]?.stageName : undefined);
    const role = roleIn(configuration);
    return {
      capabilities: ['control-plane', 'test-invoke'],
      told: 'API Gateway yes',
      configuration,
      ...(known !== undefined && { stage: known }),
      ...(role && { role }),
    };
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NotFoundException')
      throw new TargetError(
        `the account of these AWS credentials has no REST API ${restApiId} in this region; use those of its account, or none to judge it from outside`,
      );
    return refused('API Gateway', error);
  }
}

async function readConfiguration(apiGateway: Clients['apiGateway'], restApiId: string): Promise<string> {
  const items: unknown[] = [];
  for (let position: string | undefined; ; ) {
    const page: { items?: unknown[] | undefined; position?: string | undefined } = await apiGateway.send(
      new GetResourcesCommand({ restApiId, limit: 500, embed: ['methods'], ...(position && { position }) }),
    );
    items.push(...(page.items ?? []));
    position = page.position;
    if (!position) return JSON.stringify(items);
  }
}

/** The execution role: the one that the first integration with a role has. */
function roleIn(configuration: string): Insight['role'] {
  const roleArn = /"credentials":"(arn:[\w-]+:iam::\d{12}:role\/[^"]+)"/.exec(configuration)?.[1];
  return roleArn === undefined ? undefined : { roleArn, roleName: roleArn.split('/').at(-1) as string };
}

async function lookAtKinesis({ kinesis }: Clients, { listed }: Api, sameAccount: boolean): Promise<Insight> {
  let names: readonly string[];
  try {
    names = (await kinesis.send(new ListStreamsCommand({}))).StreamNames ?? [];
  } catch (error) {
    return refused('Kinesis', error);
  }
  // Without the REST API's word for it, the credentials may be of an account that the API does not work on.
  if (!sameAccount && listed !== undefined && !overlap(listed, names))
    return {
      capabilities: [],
      told: 'Kinesis no: the streams of these credentials are not those of the API',
    };
  return { capabilities: ['direct-kinesis'], told: 'Kinesis yes' };
}

function overlap(a: readonly string[], b: readonly string[]): boolean {
  return (a.length === 0 && b.length === 0) || a.some((name) => b.includes(name));
}

function refused(service: string, error: unknown): Insight {
  if (error instanceof Error && DENIED.includes(error.name))
    return { capabilities: [], told: `${service} no: ${messageOf(error)}` };
  throw new TargetError(
    `${service} refuses the AWS credentials (${messageOf(error)}); renew them, or unset them to judge the API from outside`,
    { cause: error },
  );
}
