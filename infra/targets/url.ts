import { createHash } from 'node:crypto';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { stalls } from '../bounds/stalls.ts';
import type { Interface } from '../definition/interface/types.ts';
import { fixedStreams } from '../definition/served.ts';
import { messageOf, UsageError } from '../errors.ts';
import { createClients } from '../provision/clients.ts';
import type { Capability } from './capabilities.ts';
import type { Authentication, Limits } from './deployed-api.ts';
import { identify } from './endpoint.ts';
import { type Inspection, inspectGateway, inspectKinesis } from './inspection.ts';
import { assertOffers, isReading } from './offered.ts';
import type { DeployedApiOptions, TargetOptions } from './options.ts';
import { probeStage } from './stage-probe.ts';
import { readStageUrl, type StageUrl } from './stage-url.ts';
import type { AwsAccess, Target } from './target.ts';

/** The claims of AWS itself; an emulator claims less (capabilities.ts). */
const CLAIMS_OF_AWS: readonly Capability[] = ['iam-enforcement', 'kinesis-validation', 'aws-fidelity'];

/**
 * Connects to an already deployed API and provisions nothing. With AWS credentials for the API's account the suite
 * inspects API Gateway and Kinesis directly; without them it judges what clients can see.
 * @throws TargetError when the URL, the authentication or the credentials do not fit; UsageError for a URL that cannot
 * be a stage URL.
 */
export async function reachUrlTarget(options: TargetOptions): Promise<Target> {
  const { url, apiKey, readOnly, stream, restApiId: given, offered } = options.deployed as DeployedApiOptions;
  const said = readStageUrl(url);
  const region = said.region ?? options.region;
  const { headers = {} } = options.authentication ?? {};
  const access = await accessTo(url, said, options, region);
  const authentication: Authentication = {
    ...(options.authentication?.iam && { iam: { region } }),
    ...(apiKey !== undefined && { apiKey }),
    ...(Object.keys(headers).length > 0 && { headers }),
  };
  // API Gateway itself waits up to 29 s for an integration.
  stalls.open(said.aws ? 45_000 : undefined);
  const restApiId = given ?? said.restApiId;
  const insight = await look(access, { restApiId, stage: said.stage }, (deployed) => {
    if (offered && deployed) assertOffers(deployed, offered);
    return probeStage(url, { offered: offered ?? deployed, authentication }, async () => {
      const credentials = await credentialsOf(access);
      if (credentials) return credentials;
      throw new UsageError(
        '--auth iam needs AWS credentials: set AWS_PROFILE, or an access key and its secret',
      );
    });
  });
  const known = offered ?? insight.offered;
  const limits: Limits = {
    readOnly,
    ...(stream !== undefined && { stream }),
  };
  const host = said.aws ? undefined : (access?.endpoint ?? said.endpoint);
  const emulator = host === undefined ? undefined : await identify(host);
  return {
    kind: 'url',
    behaves: said.aws ? 'url' : emulator?.isSimulation ? 'aws' : 'endpoint',
    name: said.aws ? 'API on AWS' : emulator ? `API on ${emulator.name}` : 'deployed API',
    version: emulator?.version ?? 'unknown',
    access: access ?? { region },
    invokeForms: [],
    capabilities: [...insight.capabilities, ...(said.aws ? CLAIMS_OF_AWS : [])],
    attached: {
      api: {
        baseUrl: url,
        ...(restApiId !== undefined && { restApiId }),
        ...(insight.stage !== undefined && { stage: insight.stage }),
        ...insight.role,
      },
      definition: {
        name: 'as deployed',
        sha256: createHash('sha256')
          .update(insight.configuration ?? url)
          .digest('hex'),
      },
      ...(known && { offered: known }),
      ...(insight.stageVariables && { stageVariables: insight.stageVariables }),
      ...(Object.keys(authentication).length > 0 && { authentication }),
      ...((readOnly || stream !== undefined) && { limits }),
    },
    details: {
      url,
      inspected: insight.told,
      ...(known && !limits.readOnly && writtenTo(known, stream)),
    },
    ephemeral: false,
    stop: async () => {},
  };
}

/** Warns of fixed streams: others may use them, and a run that puts records puts them there. */
function writtenTo(offered: Interface, given: string | undefined): Record<string, string> {
  const names = fixedStreams({
    ...offered,
    calls: offered.calls.filter(({ action }) => !isReading(action)),
  }).filter((name) => given === undefined || name === given);
  return names.length === 0 ? {} : { 'adds records to': names.join(', ') };
}

const NOTHING: Inspection = { capabilities: [], told: 'nothing: no AWS credentials' };

/**
 * Inspects API Gateway and Kinesis, and probes the stage.
 * @param probe takes what the API offers according to its configuration, and returns the stream names that it lists.
 */
async function look(
  access: AwsAccess | undefined,
  api: Parameters<typeof inspectGateway>[1],
  probe: (deployed: Interface | undefined) => Promise<readonly string[] | undefined>,
): Promise<Inspection> {
  if (access === undefined) {
    await probe(undefined);
    return NOTHING;
  }
  const clients = createClients(access, access.endpoint === undefined ? 'aws' : 'emulator');
  try {
    const asked = await inspectGateway(clients, api).catch((error: unknown) => ({ error }));
    // If the stage does not answer, report that first: it is the more likely cause.
    const listed = await probe('error' in asked ? undefined : asked.offered);
    if ('error' in asked) throw asked.error;
    const kinesis = await inspectKinesis(clients, listed, asked.capabilities.length > 0);
    return {
      ...asked,
      capabilities: [...asked.capabilities, ...kinesis.capabilities],
      told: `${asked.told}; ${kinesis.told}`,
    };
  } finally {
    clients.destroy();
  }
}

/**
 * How to reach the AWS API of the URL's account; undefined without credentials for it. Credentials for AWS are sent to
 * AWS only: for an emulator's URL the endpoint is the emulator's own.
 */
async function accessTo(
  url: string,
  said: StageUrl,
  options: TargetOptions,
  region: string,
): Promise<AwsAccess | undefined> {
  if (said.aws) refuseDiversion(options.endpoint);
  const named = options.endpoint ?? process.env.AWS_ENDPOINT_URL;
  const endpoint = named ?? said.endpoint;
  if (endpoint !== undefined) {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY)
      return {
        endpoint,
        region,
        credentials: {
          accessKeyId: AWS_ACCESS_KEY_ID,
          secretAccessKey: AWS_SECRET_ACCESS_KEY,
          ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
        },
      };
    // Without keys, call only an endpoint that the user gave; emulators accept any keys.
    if (named === undefined) return undefined;
    return { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  }
  const access = { region };
  return url.startsWith('https://') && (await credentialsOf(access)) ? access : undefined;
}

/** An API on AWS uses Kinesis on AWS, but the SDK would silently follow these settings to another endpoint. */
function refuseDiversion(endpoint: string | undefined): void {
  const variable = Object.keys(process.env).find(
    (name) => /^AWS_ENDPOINT_URL(_|$)/.test(name) && process.env[name],
  );
  const diverting = endpoint === undefined ? variable : '--endpoint';
  if (diverting !== undefined)
    throw new UsageError(
      `${diverting} is an endpoint other than AWS, but the API of --url is on AWS; leave it out`,
    );
}

async function credentialsOf(access: AwsAccess | undefined) {
  if (access?.credentials) return access.credentials;
  const client = new KinesisClient({ region: access?.region ?? 'us-east-1' });
  try {
    return await client.config.credentials();
  } catch (error) {
    // None of the SDK's sources has credentials.
    if (error instanceof Error && error.name === 'CredentialsProviderError') return undefined;
    throw new UsageError(`the AWS credentials cannot be read: ${messageOf(error)}`);
  } finally {
    client.destroy();
  }
}
