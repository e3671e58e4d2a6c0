import {
  GetExportCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetStagesCommand,
} from '@aws-sdk/client-api-gateway';
import { ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { deriveInterface } from '../definition/interface/derive.ts';
import type { Interface } from '../definition/interface/types.ts';
import { isObject, type Json } from '../definition/types.ts';
import { messageOf, TargetError } from '../errors.ts';
import type { Clients } from '../provision/clients.ts';
import type { Capability } from './capabilities.ts';

/** What credentials let the suite see behind a deployed API. */
export interface Inspection {
  readonly capabilities: readonly Capability[];
  /** For the report: what is seen, and why the rest is not. */
  readonly told: string;
  readonly stage?: string;
  readonly role?: { readonly roleArn: string; readonly roleName: string };
  /** All that the control plane says of the methods, as text. */
  readonly configuration?: string;
  /** What the stage offers, where it could be read. */
  readonly offered?: Interface;
  readonly stageVariables?: Readonly<Record<string, string>>;
}

const DENIED = ['AccessDeniedException', 'AccessDenied'];

/**
 * Asks API Gateway what it shows, changing nothing.
 * @throws TargetError where the credentials are refused, or are of an account that has no such API.
 */
export async function inspectGateway(
  { apiGateway }: Clients,
  { restApiId, stage }: { restApiId: string | undefined; stage: string | undefined },
): Promise<Inspection> {
  if (restApiId === undefined)
    return {
      capabilities: [],
      told: 'API Gateway no: the URL does not contain the id of the REST API (--rest-api-id)',
    };
  try {
    await apiGateway.send(new GetRestApiCommand({ restApiId }));
    const { item: stages = [] } = await apiGateway.send(new GetStagesCommand({ restApiId }));
    const configuration = await readConfiguration(apiGateway, restApiId);
    const known = stage ?? (stages.length === 1 ? stages[0]?.stageName : undefined);
    const role = roleIn(configuration);
    const variables = stages.find(({ stageName }) => stageName === known)?.variables;
    const read = await readInterface(apiGateway, { restApiId, stageName: known, variables });
    return {
      capabilities: ['control-plane', 'test-invoke'],
      told:
        typeof read === 'string'
          ? `API Gateway yes, but not what the API offers: ${read}`
          : 'API Gateway yes',
      configuration,
      ...(typeof read !== 'string' && { offered: read }),
      ...(variables !== undefined && { stageVariables: variables }),
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

/** What a stage offers, by its export; why not, where it cannot be read. */
async function readInterface(
  apiGateway: Clients['apiGateway'],
  stage: {
    restApiId: string;
    stageName: string | undefined;
    variables: Readonly<Record<string, string>> | undefined;
  },
): Promise<Interface | string> {
  const { restApiId, stageName, variables = {} } = stage;
  if (stageName === undefined) return 'the URL does not contain the stage, and the API has several';
  try {
    const { body } = await apiGateway.send(
      new GetExportCommand({
        restApiId,
        stageName,
        exportType: 'oas30',
        parameters: { extensions: 'apigateway' },
        accepts: 'application/json',
      }),
    );
    const document = JSON.parse(new TextDecoder().decode(body)) as Json;
    if (!isObject(document)) return 'its export is not an OpenAPI document';
    return { ...deriveInterface(document, { variables }), source: 'control plane' };
  } catch (error) {
    return `its export cannot be read (${messageOf(error)})`;
  }
}

/** The execution role: the one that the first integration with a role has. */
function roleIn(configuration: string): Inspection['role'] {
  const roleArn = /"credentials":"(arn:[\w-]+:iam::\d{12}:role\/[^"]+)"/.exec(configuration)?.[1];
  return roleArn === undefined ? undefined : { roleArn, roleName: roleArn.split('/').at(-1) as string };
}

/**
 * Asks Kinesis what it shows, changing nothing.
 * @param listed names of streams as the API lists them.
 * @param sameAccount whether the credentials are known to be of the API's account.
 * @throws TargetError where the credentials are refused.
 */
export async function inspectKinesis(
  { kinesis }: Clients,
  listed: readonly string[] | undefined,
  sameAccount: boolean,
): Promise<Inspection> {
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

function refused(service: string, error: unknown): Inspection {
  if (error instanceof Error && DENIED.includes(error.name))
    return { capabilities: [], told: `${service} no: ${messageOf(error)}` };
  throw new TargetError(
    `${service} refuses the AWS credentials (${messageOf(error)}); renew them, or unset them to judge the API from outside`,
    { cause: error },
  );
}
