import type { Interface } from '../definition/interface/types.ts';
import { messageOf } from '../errors.ts';
import { partitionOf } from '../partitions.ts';
import type { Authentication, DeployedApi } from '../targets/deployed-api.ts';
import type { AuthenticationOptions } from '../targets/options.ts';
import type { Target } from '../targets/target.ts';
import { makeApiKey } from './api-keys.ts';
import type { Clients } from './clients.ts';
import type { Marks } from './declared.ts';
import type { UndoStack } from './undo.ts';
import { createUser } from './user.ts';

export interface Client {
  /** The name of the user and of the key, and the prefix of the plans' names. */
  readonly name: string;
  readonly marks: Pick<Marks, 'tags' | 'boundary'>;
  readonly target: Pick<Target, 'kind' | 'name' | 'access'>;
  /** 12 digits. */
  readonly accountId: string;
  readonly apis: readonly DeployedApi[];
  /** Undefined: authenticate as the methods that call Kinesis demand. */
  readonly wanted: AuthenticationOptions | undefined;
}

/** How the run's client authenticates, and what the user should know about it. */
export interface MadeCaller {
  /** Undefined if calls are anonymous. */
  readonly authentication: Authentication | undefined;
  readonly note?: string;
}

/**
 * Creates what the run's client needs to authenticate as the API's methods demand, or as the user asks: an IAM user
 * that signs, with permission to invoke these APIs only; an API key with a usage plan for each stage; the user's
 * headers.
 * @throws Error with the remedy if AWS does not let the run create a user.
 */
export async function makeCaller(
  clients: Clients,
  offered: Interface,
  client: Client,
  undo: UndoStack,
): Promise<MadeCaller> {
  const { wanted, marks, name, apis } = client;
  const headers = wanted?.headers ?? {};
  // Headers add to what the methods demand; --auth iam or --auth key replaces it.
  const isNamed = wanted !== undefined && (wanted.iam || wanted.apiKey || Object.keys(headers).length === 0);
  const needsKey = isNamed ? wanted.apiKey : offered.calls.some(({ apiKeyRequired }) => apiKeyRequired);
  // A signature needs the Authorization header, so the user's own Authorization header excludes it.
  const isTaken = Object.keys(headers).some((header) => header.toLowerCase() === 'authorization');
  const signs = isNamed ? wanted.iam : !isTaken && offered.calls.some(({ auth }) => auth === 'iam');
  const signer = signs ? await makeSigner(clients, client, undo) : undefined;
  const authentication: Authentication = {
    ...(signer && { iam: signer.iam }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(needsKey && { apiKey: await makeApiKey(clients, { name, tags: marks.tags, apis }, undo) }),
  };
  return {
    authentication: Object.keys(authentication).length > 0 ? authentication : undefined,
    ...(signer?.note !== undefined && { note: signer.note }),
  };
}

/** On an emulator that cannot create users, falls back to the run's own credentials: it rarely checks who signed. */
async function makeSigner(
  clients: Clients,
  { name, marks, target, accountId, apis }: Client,
  undo: UndoStack,
): Promise<{ iam: NonNullable<Authentication['iam']>; note?: string }> {
  const { region } = target.access;
  try {
    const policy = invokePolicy({ region, accountId, apis });
    const credentials = await createUser(clients, { name, policy, ...marks }, undo);
    return { iam: { region, credentials } };
  } catch (error) {
    if (!(error instanceof Error) || !('$metadata' in error)) throw error;
    const why = messageOf(error);
    if (target.kind === 'aws')
      throw new Error(
        `${why}; grant the credentials the permissions on users in infra/aws/runner-policy.json, or deploy the API and judge it by --target url`,
        { cause: error },
      );
    return {
      iam: { region },
      note: `calls are signed with the run's own credentials, since ${target.name} cannot create an IAM user (${why})`,
    };
  }
}

/** @returns the policy as JSON text. */
function invokePolicy({
  region,
  accountId,
  apis,
}: {
  region: string;
  accountId: string;
  apis: readonly DeployedApi[];
}): string {
  const arn = `arn:${partitionOf(region).name}:execute-api:${region}:${accountId}`;
  const Resource = [...new Set(apis.map(({ restApiId }) => `${arn}:${restApiId}/*`))];
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource }],
  });
}
