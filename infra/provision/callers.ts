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
  /** Of the user, of the key, and what the names of its plans begin with. */
  readonly name: string;
  readonly marks: Pick<Marks, 'tags' | 'boundary'>;
  readonly target: Pick<Target, 'kind' | 'name' | 'access'>;
  /** Twelve digits. */
  readonly accountId: string;
  readonly apis: readonly DeployedApi[];
  /** Undefined: what the methods that call Kinesis demand. */
  readonly wanted: AuthenticationOptions | undefined;
}

/** With what a run's client calls, and what the user should know of it. */
export interface MadeCaller {
  /** Undefined where a call carries nothing. */
  readonly authentication: Authentication | undefined;
  readonly note?: string;
}

/**
 * Gives the run's client what the API's methods demand, or what the user asks for: an IAM user that signs, and may
 * invoke these APIs and nothing else; an API key with a usage plan for each stage; headers as the user gives them.
 * @throws Error with the remedy where AWS does not let the run make a user.
 */
export async function makeCaller(
  clients: Clients,
  offered: Interface,
  client: Client,
  undo: UndoStack,
): Promise<MadeCaller> {
  const { wanted, marks, name, apis } = client;
  const headers = wanted?.headers ?? {};
  // Headers stand beside what methods demand; what is named takes the place of it.
  const isNamed = wanted !== undefined && (wanted.iam || wanted.apiKey || Object.keys(headers).length === 0);
  const needsKey = isNamed ? wanted.apiKey : offered.calls.some(({ apiKeyRequired }) => apiKeyRequired);
  // Of a header Authorization and a signature a call has one.
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

/** An emulator that makes no users seldom looks at who signed, so the run's own credentials do there. */
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
        `${why}; the credentials need what infra/aws/runner-policy.json grants on users, or deploy the API and judge it by --target url`,
        { cause: error },
      );
    return {
      iam: { region },
      note: `calls are signed with the run's own credentials, since ${target.name} makes no IAM user (${why})`,
    };
  }
}

/** JSON text. */
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
