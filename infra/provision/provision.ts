import { CreateDeploymentCommand } from '@aws-sdk/client-api-gateway';
import type { Definition } from '../definition/definition.ts';
import { messageOf, TargetError } from '../errors.ts';
import { levelOf, Waits } from '../patience/waits.ts';
import { type RoleName, type RolePolicies, rolePolicies } from '../proxy/roles.ts';
import type { DeployedApi } from '../targets/deployed-api.ts';
import type { InvokeForm, Target } from '../targets/target.ts';
import { boundaryOf } from './boundary.ts';
import type { Clients } from './clients.ts';
import type { Deployment } from './deployment.ts';
import { createAndPut, importApi } from './import.ts';
import { setIntegrationRoles } from './integration-roles.ts';
import { type Found, findInvokeUrl } from './invoke-url.ts';
import { makeRestApi } from './rest-api.ts';
import { createRole, ROLE_PATH } from './role.ts';
import { untilAssumable } from './role-propagation.ts';
import { prefixOf, runTags, type Tags } from './tags.ts';
import type { UndoStack } from './undo.ts';

export const STAGE = 'test';

/** How many good answers in a row say that a new deployment is everywhere on AWS (inferred). */
const GOOD_ANSWERS_ON_AWS = 5;

/** How a deployment may differ from the definition alone, as those of careless people do. */
export interface Alterations {
  /** The stage's name; `test` otherwise. */
  readonly stage?: string;
  readonly policies?: (role: RoleName, own: RolePolicies) => RolePolicies;
  /** What is done to each API once it answers. */
  readonly afterwards?: (api: DeployedApi, clients: Clients) => Promise<void>;
}

/**
 * Deploys a definition to a target: for each role, the role, the import and the deployment to a stage, then waits
 * until the stage answers.
 * @param undo takes an undo for everything that is made; the caller unwinds it in every outcome.
 * @param roles the other roles that the selection needs, besides `full-access`.
 * @throws TargetError when the target refuses a step; the message names it.
 */
export async function provision(options: {
  target: Target;
  clients: Clients;
  definition: Definition;
  runId: string;
  roles: ReadonlySet<RoleName>;
  undo: UndoStack;
  alterations?: Alterations;
}): Promise<Deployment> {
  const { target, clients, definition, runId } = options;
  const prefix = prefixOf(runId);
  const permittedStream = `${prefix}permitted`;
  // The judged API is first, so that a target that cannot serve it at all is known before the others are made.
  const tags = runTags(runId);
  const names = { prefix, permittedStream, tags, boundary: boundaryOf(target, process.env) };
  const { api: proxy, form } = await deployUnder('full-access', {
    ...options,
    ...names,
    forms: target.invokeForms,
  });
  const underRole: Partial<Record<RoleName, DeployedApi>> = {};
  const { restApiId = '', roleArn = '' } = proxy;
  const shared = target.sharesApi ? restApiId : undefined;
  for (const role of options.roles)
    underRole[role] = (await deployUnder(role, { ...options, ...names, forms: [form], shared })).api;
  if (shared !== undefined && options.roles.size > 0) {
    await step(`give the REST API ${shared} its own role back`, () =>
      setIntegrationRoles(clients, shared, roleArn),
    );
    // The judged stage serves the newest deployment, which is what the contract asks of it.
    await deploy({ ...options, restApiId: shared, stageName: STAGE, forms: [form] });
  }
  return {
    runId,
    prefix,
    definition: { name: definition.name, path: definition.path, sha256: definition.sha256 },
    interface: definition.interface(),
    target: describeTarget(target),
    capabilities: target.capabilities,
    region: target.access.region,
    access: target.access,
    proxy,
    underRole,
    permittedStream,
    ...(!target.ephemeral && { tags }),
    ...(options.undo.journal.file !== undefined && { journal: options.undo.journal.file }),
  };
}

/** A target as the workers know it. */
export function describeTarget({ kind, name, version, behaves }: Target): Deployment['target'] {
  return { kind, name, version, behaves: behaves ?? kind };
}

async function deployUnder(
  role: RoleName,
  options: {
    target: Target;
    clients: Clients;
    definition: Definition;
    prefix: string;
    permittedStream: string;
    tags: Tags;
    boundary: string | undefined;
    undo: UndoStack;
    forms: readonly InvokeForm[];
    /** An API that is there already and is to get a stage more. */
    shared?: string | undefined;
    alterations?: Alterations;
  },
): Promise<{ api: DeployedApi; form: InvokeForm }> {
  const { target, clients, definition, undo, alterations, tags } = options;
  const roleName = `${options.prefix}${role}`;
  const own = rolePolicies(role, options.permittedStream);
  const policies = alterations?.policies?.(role, own) ?? own;
  // Emulators know neither IAM's rights, for which both are so, nor all of the calls.
  const isAws = target.kind === 'aws';
  const roleArn = await step(`create the role ${roleName}`, () =>
    createRole(
      clients,
      { name: roleName, path: isAws ? ROLE_PATH : '/', policies, tags, boundary: options.boundary },
      undo,
    ),
  );
  const { region } = target.access;
  const { shared } = options;
  let restApiId: string;
  if (shared === undefined) {
    const document = definition.render({ region, roleArn });
    restApiId = await step(`import the definition ${definition.path}`, () =>
      makeRestApi(
        clients,
        isAws ? createAndPut : importApi,
        { label: roleName, document, region, tags, isSigned: !target.ephemeral, takesTags: isAws },
        undo,
      ),
    );
  } else {
    await step(`put the REST API ${shared} under the role ${roleName}`, () =>
      setIntegrationRoles(clients, shared, roleArn),
    );
    restApiId = shared;
  }
  const stageName = shared === undefined ? (alterations?.stage ?? STAGE) : role;
  const { served, form } = await deploy({ ...options, restApiId, stageName });
  const waits = new Waits(levelOf(target.behaves ?? target.kind));
  await untilAssumable(role, { served, probePath: definition.probePath, waits });
  const api = { ...served, restApiId, stage: stageName, roleArn, roleName };
  await alterations?.afterwards?.(api, clients);
  return { api, form };
}

/** Deploys an API to a stage and waits until the stage answers. */
async function deploy(options: {
  target: Target;
  clients: Clients;
  definition: Definition;
  restApiId: string;
  stageName: string;
  forms: readonly InvokeForm[];
}): Promise<Found> {
  const { target, clients, definition, restApiId, stageName, forms } = options;
  await step(`deploy the REST API ${restApiId} to the stage ${stageName}`, () =>
    clients.apiGateway.send(new CreateDeploymentCommand({ restApiId, stageName })),
  );
  const level = levelOf(target.behaves ?? target.kind);
  const wait = new Waits(level).get('deployment-answers');
  return findInvokeUrl({
    forms,
    values: { restApiId, stage: stageName, region: target.access.region },
    probePath: definition.probePath,
    timeoutMillis: wait.timeoutMs,
    intervalMillis: wait.intervalMs,
    inARow: level === 'aws' ? GOOD_ANSWERS_ON_AWS : 1,
  });
}

async function step<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new TargetError(`the target could not ${what}: ${messageOf(error)}`, { cause: error });
  }
}
