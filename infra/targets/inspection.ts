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

/** What the AWS credentials let the suite see of a deployed API and its Kinesis. */
export interface Inspection {
  readonly capabilities: readonly Capability[];
  /** For the report: what was inspected, and why the rest was not. */
  readonly told: string;
  readonly stage?: string;
  readonly role?: { readonly roleArn: string; readonly roleName: string };
  /** The configuration of all methods, as JSON text from the control plane. */
  readonly configuration?: string;
  /** What the stage offers; absent when its configuration cannot be read. */
  readonly offered?: Interface;
  readonly stageVariables?: Readonly<Record<string, string>>;
}

const DENIED = ['AccessDeniedException', 'AccessDenied'];

/**
 * Reads the API's configuration from API Gateway, changing nothing.
 * @throws TargetError when AWS refuses the credentials, or when their account has no such API.
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

/** Derives what a stage offers from its export. @returns the reason as text when the export cannot be read. */
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

/** The execution role: that of the first integration that has one. */
function roleIn(configuration: string): Inspection['role'] {
  const roleArn = /"credentials":"(arn:[\w-]+:iam::\d{12}:role\/[^"]+)"/.exec(configuration)?.[1];
  return roleArn === undefined ? undefined : { roleArn, roleName: roleArn.split('/').at(-1) as string };
}

/**
 * Checks that Kinesis can be queried directly, changing nothing.
 * @param listed the stream names that the API lists.
 * @param sameAccount whether the credentials are known to belong to the API's account.
 * @throws TargetError when AWS refuses the credentials.
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
  // Unless API Gateway has confirmed the account, the credentials may belong to one that the API does not use.
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
