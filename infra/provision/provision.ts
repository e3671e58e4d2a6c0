import { CreateDeploymentCommand } from '@aws-sdk/client-api-gateway';
import { apiDocument, type Definition } from '../definition/definition.ts';
import { fixedStreams, servedStreams } from '../definition/served.ts';
import type { Declaration } from '../definition/types.ts';
import { messageOf, TargetError } from '../errors.ts';
import { type RoleName, type RolePolicies, type RoleScope, rolePolicies } from '../proxy/roles.ts';
import { levelOf, Waits } from '../retry/waits.ts';
import type { Authentication, DeployedApi } from '../targets/deployed-api.ts';
import type { AuthenticationOptions } from '../targets/options.ts';
import type { InvokeForm, Target } from '../targets/target.ts';
import { boundaryOf } from './boundary.ts';
import { makeCaller } from './callers.ts';
import type { Clients } from './clients.ts';
import { describeDefinition, type Marks, makeRoles, makeStreams, streamAffix } from './declared.ts';
import type { Deployment } from './deployment.ts';
import { createAndPut, importApi } from './import.ts';
import { setIntegrationRoles } from './integration-roles.ts';
import { type Found, findInvokeUrl } from './invoke-url.ts';
import { makeRestApi } from './rest-api.ts';
import { createRole, ROLE_PATH } from './role.ts';
import { waitUntilAssumable } from './role-propagation.ts';
import { prefixOf, runTags } from './tags.ts';
import type { UndoStack } from './undo.ts';

export const STAGE = 'test';
const POLICY_NAME = 'kinesis-access';

/** How many consecutive good answers show that a new deployment has reached all of API Gateway on AWS (inferred). */
const GOOD_ANSWERS_ON_AWS = 5;

/** Mistakes that people make when they deploy a correct definition. */
export interface Alterations {
  /** The stage's name; by default `test`. */
  readonly stage?: string;
  readonly policies?: (role: RoleName, own: RolePolicies) => RolePolicies;
  /** Changes each API once it answers. */
  readonly afterwards?: (api: DeployedApi, clients: Clients) => Promise<void>;
}

/**
 * Deploys a definition to a target. For each role it creates the role, imports the definition, deploys it to a stage
 * and waits until the stage answers.
 * @param undo gets an undo for everything that is created; the caller must unwind it whatever the outcome.
 * @param roles the roles that the selection needs in addition to the definition's own.
 * @throws TargetError if the target refuses a step; the message says which.
 */
export async function provision(options: {
  target: Target;
  clients: Clients;
  definition: Definition;
  runId: string;
  roles: ReadonlySet<RoleName>;
  undo: UndoStack;
  alterations?: Alterations;
  /** How calls authenticate; undefined: as the methods demand. */
  authentication?: AuthenticationOptions | undefined;
}): Promise<Deployment> {
  const { target, clients, definition, runId, undo } = options;
  const { region } = target.access;
  const prefix = prefixOf(runId);
  const permittedStream = `${prefix}permitted`;
  const tags = runTags(runId);
  const marks: Marks = {
    prefix,
    tags,
    // Emulators do not enforce permissions by path.
    path: target.kind === 'aws' ? ROLE_PATH : '/',
    boundary: boundaryOf(target, process.env),
  };
  const stackName = prefix.replace(/-$/, '');
  const affix = streamAffix(definition, { target, prefix, stackName });
  const streamPrefix = `${affix?.before ?? ''}${prefix}`;
  const common = { ...options, marks, scope: { permittedStream, streamPrefix } };
  // The judged API comes first, so that a target that cannot serve it fails before the others are created.
  const role = await makeRole(definition.role, common);
  const names = { region, accountId: role.arn.split(':')[4] ?? '', stackName };
  const declaration = definition.declare(names);
  const offered = declaration.form === 'openapi' ? definition.interface() : definition.interface(declaration);
  const roles = await step('create the roles that the definition declares', () =>
    makeRoles(clients, declaration, { ...marks, region, accountId: names.accountId, target }, undo),
  );
  const read = { ...declaration, roles: declaration.roles.filter(({ arn }) => roles.arns.has(arn)) };
  const served = servedStreams(read, streamPrefix, offered);
  await step('create the streams that the definition names', () =>
    makeStreams(clients, declaration, [...fixedStreams(offered), ...(served ?? [])], { target, marks }, undo),
  );
  const ownRole = (credentials: string) => roles.arns.get(credentials) ?? role.arn;
  const { api, form } = await deployUnder(
    { ...role, forCredentials: ownRole },
    { ...common, declaration, forms: target.invokeForms },
  );
  // Judge the definition under its own role, if it declares one.
  const [judgedArn] = roles.arns.values();
  const proxy =
    judgedArn === undefined
      ? api
      : { ...api, roleArn: judgedArn, roleName: judgedArn.split('/').at(-1) ?? '' };
  const underRole: Partial<Record<RoleName, DeployedApi>> = {};
  const { restApiId = '' } = proxy;
  const shared = target.sharesApi ? restApiId : undefined;
  for (const name of options.roles) {
    const other = await makeRole(name, common);
    const under = { ...other, forCredentials: () => other.arn };
    underRole[name] = (await deployUnder(under, { ...common, declaration, forms: [form], shared })).api;
  }
  if (shared !== undefined && options.roles.size > 0) {
    await step(`restore the roles of the REST API ${shared}`, () =>
      setIntegrationRoles(clients, shared, declaration.openapi, ownRole),
    );
    // Deploy the judged stage again, since the contract requires it to serve the newest deployment.
    await deploy({ ...options, declaration, restApiId: shared, stageName: STAGE, forms: [form] });
  }
  const { accountId } = names;
  const apis = [proxy, ...Object.values(underRole)];
  const { authentication, note } = await step('create the credentials that its methods demand', () =>
    makeCaller(
      clients,
      offered,
      { name: `${prefix}client`, marks, target, accountId, apis, wanted: options.authentication },
      undo,
    ),
  );
  await untilKnown(authentication, { definition, target, judged: proxy, role: definition.role, underRole });
  return {
    runId,
    prefix,
    definition: describeDefinition(definition, declaration, { roles, offered, served }),
    leftOut: roles.leftOut,
    interface: offered,
    ...(declaration.stage && { stageVariables: declaration.stage.variables }),
    ...(affix && { streamAffix: affix }),
    ...(served && { servedStreams: served }),
    target: describeTarget(target),
    capabilities: target.capabilities,
    ...(target.throttling && { throttling: target.throttling }),
    region,
    access: target.access,
    proxy,
    underRole,
    permittedStream,
    ...(authentication && { authentication }),
    ...(note !== undefined && { note }),
    ...(!target.ephemeral && { tags }),
    ...(options.undo.journal.file !== undefined && { journal: options.undo.journal.file }),
  };
}

/**
 * Waits until API Gateway knows the user that the run created and the role of each API; only a signed call shows it.
 */
async function untilKnown(
  authentication: Authentication | undefined,
  of: {
    definition: Definition;
    target: Target;
    judged: DeployedApi;
    role: RoleName;
    underRole: Readonly<Partial<Record<RoleName, DeployedApi>>>;
  },
): Promise<void> {
  if (authentication?.iam?.credentials === undefined) return;
  const { probePath } = of.definition;
  const waits = new Waits(levelOf(of.target.behaves ?? of.target.kind));
  const apis = [[of.role, of.judged], ...Object.entries(of.underRole)] as [RoleName, DeployedApi][];
  for (const [role, served] of apis)
    await waitUntilAssumable(role, { served, probePath, waits, authentication });
}

/** The part of a target that workers need. */
export function describeTarget({ kind, name, version, behaves }: Target): Deployment['target'] {
  return { kind, name, version, behaves: behaves ?? kind };
}

/** A role that the run created. */
interface RunRole {
  readonly name: RoleName;
  readonly roleName: string;
  readonly arn: string;
}

async function makeRole(
  name: RoleName,
  options: {
    clients: Clients;
    marks: Marks;
    scope: RoleScope;
    undo: UndoStack;
    alterations?: Alterations;
  },
): Promise<RunRole> {
  const { clients, marks, undo, alterations } = options;
  const roleName = `${marks.prefix}${name}`;
  const own = rolePolicies(name, options.scope);
  const { trust, permissions } = alterations?.policies?.(name, own) ?? own;
  const inline = permissions === undefined ? [] : [{ name: POLICY_NAME, document: permissions }];
  const arn = await step(`create the role ${roleName}`, () =>
    createRole(clients, { ...marks, name: roleName, trust, inline }, undo),
  );
  return { name, roleName, arn };
}

async function deployUnder(
  role: RunRole & { forCredentials: (credentials: string) => string },
  options: {
    target: Target;
    clients: Clients;
    definition: Definition;
    declaration: Declaration;
    marks: Marks;
    undo: UndoStack;
    forms: readonly InvokeForm[];
    /** The id of an existing API that gets another stage. */
    shared?: string | undefined;
    alterations?: Alterations;
  },
): Promise<{ api: DeployedApi; form: InvokeForm }> {
  const { target, clients, definition, declaration, undo, alterations, marks, shared } = options;
  const { name, roleName, arn: roleArn } = role;
  const { region } = target.access;
  let restApiId: string;
  if (shared === undefined) {
    const document = apiDocument(declaration.openapi, role.forCredentials);
    // Emulators do not enforce the IAM permissions that require this, nor do they support all of the calls.
    const isAws = target.kind === 'aws';
    restApiId = await step(`import the definition ${definition.path}`, () =>
      makeRestApi(
        clients,
        isAws ? createAndPut : importApi,
        {
          label: roleName,
          document,
          region,
          tags: marks.tags,
          isSigned: !target.ephemeral,
          takesTags: isAws,
        },
        undo,
      ),
    );
  } else {
    await step(`switch the REST API ${shared} to the role ${roleName}`, () =>
      setIntegrationRoles(clients, shared, declaration.openapi, role.forCredentials),
    );
    restApiId = shared;
  }
  const stageName = shared === undefined ? (alterations?.stage ?? STAGE) : name;
  const { served, form } = await deploy({ ...options, restApiId, stageName });
  const waits = new Waits(levelOf(target.behaves ?? target.kind));
  await waitUntilAssumable(name, { served, probePath: definition.probePath, waits });
  const api = { ...served, restApiId, stage: stageName, roleArn, roleName };
  await alterations?.afterwards?.(api, clients);
  return { api, form };
}

/** Deploys an API to a stage, and waits until the stage answers. */
async function deploy(options: {
  target: Target;
  clients: Clients;
  definition: Definition;
  declaration: Declaration;
  restApiId: string;
  stageName: string;
  forms: readonly InvokeForm[];
}): Promise<Found> {
  const { target, clients, definition, declaration, restApiId, stageName, forms } = options;
  const { variables = {} } = declaration.stage ?? {};
  await step(`deploy the REST API ${restApiId} to the stage ${stageName}`, () =>
    clients.apiGateway.send(
      new CreateDeploymentCommand({
        restApiId,
        stageName,
        ...(Object.keys(variables).length > 0 && { variables: { ...variables } }),
      }),
    ),
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
