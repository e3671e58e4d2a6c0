import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFileBounded } from '../bounds/file.ts';
import { EXTENSION } from '../built.ts';
import { messageOf, UsageError } from '../errors.ts';
import { partitionOf } from '../partitions.ts';
import type { RoleName } from '../proxy/roles.ts';
import { Beside } from './beside.ts';
import { withoutLimits } from './callers.ts';
import { integrationsIn, operationsIn, rolesOfKinesis } from './integrations.ts';
import type { Interface } from './interface/types.ts';
import { INTEGRATION, LENT } from './left-out.ts';
import { declarationOf } from './read.ts';
import { servedStreams } from './served.ts';
import { readDocument } from './text.ts';
import {
  type Assumption,
  type Declaration,
  type Form,
  isObject,
  type JsonObject,
  type LeftOut,
  type UnreadRole,
} from './types.ts';

/** A user's API definition in any supported form, with the resources that it declares besides the API. */
export interface Definition {
  /** `tutorial`, `hardened`, or the file's name. */
  readonly name: string;
  readonly path: string;
  /** Whether the definition is one of the suite's own: `tutorial` or `hardened`. */
  readonly isOwn: boolean;
  readonly choices: Choices;
  /** The hash of the file's bytes, and of the files that it includes; in hexadecimal. */
  readonly sha256: string;
  /** The role under which the run deploys it: `hardened` has its own; any other definition gets full access. */
  readonly role: RoleName;
  readonly form: Form;
  /** Whether it declares the role under which its methods run; otherwise they get one of the run's roles. */
  readonly hasOwnRole: boolean;
  /** The roles that it declares and whose policies it does not contain. */
  readonly unreadRoles: readonly UnreadRole[];
  /** Whether its roles let clients access streams other than its own. */
  readonly reachesAnyStream: boolean;
  /** The parts that a run does not deploy. */
  readonly leftOut: readonly LeftOut[];
  /** What the file leaves open, and how it was interpreted. */
  readonly assumed: readonly Assumption[];
  /** A GET path that the deployed API should answer, if it has one, with `{parameters}` as written. */
  readonly probePath: string | undefined;
  /**
   * What the API offers: the given interface, or one that is derived on the first call.
   * @param declared the definition under the names of a run, if a run changes any of its names.
   */
  interface(declared?: Declaration): Interface;
  /** Resolves every name of the definition for one run; the caller owns the result. */
  declare(names: RunNames): Declaration;
}

/** The user's choices about a file, as plain data, so that any worker can read the file again. */
export interface Choices {
  /** `--parameter KEY=VALUE`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** `--api NAME`. */
  readonly api?: string;
  /** The run deploys nothing, so it gives no value to what the file leaves open. */
  readonly isDeployed?: boolean;
}

/** The names that a run gives to what a definition names. */
export interface RunNames {
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Used as the name of the stack; names that a file leaves open begin with it. */
  readonly stackName: string;
}

/** Names for reading a definition without deploying it. */
const NO_RUN: RunNames = { region: 'us-east-1', accountId: '123456789012', stackName: 'kpc' };
const NAMED: ReadonlyMap<string, { readonly file: URL; readonly role: RoleName }> = new Map([
  ['tutorial', { file: new URL('../proxy/tutorial.yaml', import.meta.url), role: 'full-access' }],
  ['hardened', { file: new URL('../proxy/hardened.yaml', import.meta.url), role: 'stream-prefix' }],
]);
/** Far above the size of any Terraform plan. */
const MAX_BYTES = 64 * 1024 * 1024;
/** The size limit of API Gateway's import (docs/facts/gateway.md#import): 6 MB. */
const MAX_API_BYTES = 6 * 1024 * 1024;

/** The names that can be given in place of a definition's path. */
export const DEFINITION_NAMES: readonly string[] = [...NAMED.keys()];

/** @returns the absolute path of the file for a definition's name or path. */
export function fileOfDefinition(nameOrPath: string): string {
  const named = NAMED.get(nameOrPath);
  return named ? fileURLToPath(named.file) : path.resolve(nameOrPath);
}

/**
 * Reads a definition by its name (`tutorial`, `hardened`) or path.
 * @param given an interface to use instead of the derived one.
 * @throws UsageError if the definition is missing or unreadable, or a name in it cannot be resolved.
 */
export function loadDefinition(nameOrPath: string, choices: Choices = {}, given?: Interface): Definition {
  const named = NAMED.get(nameOrPath);
  const bytes = read(fileOfDefinition(nameOrPath), nameOrPath);
  const document = readDocument(bytes, nameOrPath);
  const beside = new Beside(fileOfDefinition(nameOrPath), bytes);
  const declare = (names: RunNames) => {
    // Each deployment resolves the names again, and copying is far faster than parsing again.
    const declaration = declarationOf(structuredClone(document), {
      file: nameOrPath,
      ...names,
      partition: partitionOf(names.region).name,
      parameters: new Map(Object.entries(choices.parameters ?? {})),
      api: choices.api,
      isDeployed: choices.isDeployed,
      beside: named === undefined ? (location) => beside.read(location) : undefined,
    });
    intoRegion(declaration.openapi, names);
    return declaration;
  };
  const first = declare(NO_RUN);
  const { unreadRoles = [] } = first;
  const size = JSON.stringify(first.openapi).length;
  if (size > MAX_API_BYTES)
    throw new UsageError(
      `the API of ${nameOrPath} has ${size} bytes, and API Gateway imports at most ${MAX_API_BYTES} (6 MB); leave parts of it out`,
    );
  let offered: Interface | undefined;
  return {
    name: named ? nameOrPath : path.basename(nameOrPath),
    path: named ? `infra/proxy/${nameOrPath}.yaml` : nameOrPath,
    isOwn: named !== undefined,
    choices,
    sha256: beside.sha256,
    role: named?.role ?? 'full-access',
    form: first.form,
    hasOwnRole: named !== undefined || first.roles.length > 0 || unreadRoles.length > 0,
    unreadRoles,
    get reachesAnyStream() {
      return servedStreams(first, 'kpc-', this.interface()) === undefined;
    },
    leftOut: named === undefined ? [...first.leftOut, ...rolesElsewhere(first)] : first.leftOut,
    assumed: first.assumed ?? [],
    probePath: probePath(first.openapi),
    interface: (declared) => {
      if (given !== undefined) return given;
      if (declared !== undefined) return derive(declared);
      offered ??= nameOrPath === 'tutorial' ? tutorialsInterface() : derive(first);
      return offered;
    },
    declare,
  };
}

/**
 * Writes the API of a definition as JSON text for one deployment.
 * @param roleFor maps the role of an integration to the one that the run gives it. Other credentials stay as they are:
 * AWS refuses what is no ARN, and `arn:aws:iam::*:user/*` is the caller (docs/facts/gateway.md#role). Where that caller
 * signs, the run's role takes its place, since the run's client may invoke the API and nothing else.
 */
export function apiDocument(openapi: JsonObject, roleFor: (credentials: string) => string): string {
  const copy = structuredClone(openapi);
  for (const operation of operationsIn(copy)) {
    const integration = operation[INTEGRATION];
    const credentials = isObject(integration) ? integration.credentials : undefined;
    if (!isObject(integration) || typeof credentials !== 'string') continue;
    if (isRole(credentials) || (credentials === CALLER && isSigned(operation, copy)))
      integration.credentials = roleFor(credentials);
  }
  withoutLimits(copy);
  return JSON.stringify(copy);
}

/** Stands for the caller of a method, whose client then needs the permissions of a role. */
const CALLER = 'arn:aws:iam::*:user/*';

/** Whether a method takes signed calls only. */
function isSigned(operation: JsonObject, { security, components, securityDefinitions }: JsonObject): boolean {
  const { 'x-amazon-apigateway-auth': auth, security: own = security } = operation;
  if (isObject(auth) && String(auth.type).toUpperCase() === 'AWS_IAM') return true;
  const schemes = isObject(components) ? components.securitySchemes : securityDefinitions;
  const names = Array.isArray(own) ? own.filter(isObject).flatMap((one) => Object.keys(one)) : [];
  return names.some((name) => {
    const scheme = isObject(schemes) ? schemes[name] : undefined;
    return isObject(scheme) && /^awssigv4$/i.test(String(scheme['x-amazon-apigateway-authtype']));
  });
}

/** The roles under which methods call Kinesis, and which the file does not contain. */
function rolesElsewhere({ openapi, roles, unreadRoles = [], leftOut }: Declaration): LeftOut[] {
  if (leftOut.some(({ what }) => what === LENT)) return [];
  const known = new Set([...roles, ...unreadRoles].map(({ arn }) => arn));
  return [...rolesOfKinesis(openapi)]
    .filter((arn) => isRole(arn) && !known.has(arn))
    .map((arn) => ({
      what: LENT,
      place: arn,
      why: `the file does not declare the role ${arn}, which SAFE-16 therefore does not judge`,
    }));
}

/** Whether credentials name a role, of whatever account: a definition is written for another one than the run's. */
export function isRole(credentials: string | undefined): credentials is string {
  return /^arn:[^:]*:iam::[^:]*:role\/./.test(credentials ?? '');
}

/** Writes the API of a definition as JSON text, with one role for every integration that has credentials. */
export function underOneRole(
  definition: Definition,
  { region, roleArn }: { region: string; roleArn: string },
): string {
  return apiDocument(definition.declare({ ...NO_RUN, region }).openapi, () => roleArn);
}

/** Loads the derivation only when needed: that takes a tenth of a second, and most runs judge the tutorial's API. */
function derive({ openapi, stage, limitsCallers }: Declaration): Interface {
  const require = createRequire(import.meta.url);
  const { deriveInterface } = require(
    `./interface/derive${EXTENSION}`,
  ) as typeof import('./interface/derive.ts');
  return deriveInterface(openapi, { variables: stage?.variables ?? {}, limitsCallers });
}

/** The stored interface of the tutorial's API; a test checks that it equals the derived one. */
function tutorialsInterface(): Interface {
  const file = new URL('../proxy/tutorial.interface.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Interface;
}

function read(file: string, label: string): Buffer {
  if (!existsSync(file))
    throw new UsageError(
      `no definition at ${label}; give ${DEFINITION_NAMES.join(' or ')}, or the path of a definition`,
    );
  try {
    return readFileBounded(file, MAX_BYTES);
  } catch (error) {
    throw new UsageError(
      `cannot read the definition ${label}: ${messageOf(error)}; give the path of a definition`,
    );
  }
}

function probePath({ paths }: JsonObject): string | undefined {
  const readable = Object.entries(isObject(paths) ? paths : {})
    .filter(([, item]) => isObject(item) && isObject(item.get))
    .map(([route]) => route);
  return readable.sort((a, b) => a.length - b.length)[0];
}

/**
 * Moves an API to the run's region, and the streams that its templates name by ARN to the run's account as well. Its
 * current region is the one that most of its integrations name; integrations and streams in other regions stay there.
 */
function intoRegion(openapi: JsonObject, { region, accountId }: RunNames): void {
  const integrations = integrationsIn(openapi);
  const own = ownRegion(integrations);
  if (own === undefined) return;
  const ofStreams = new RegExp(`arn:aws[\\w-]*:kinesis:${own}:\\d{12}:stream/`, 'g');
  const ofRun = `arn:${partitionOf(region).name}:kinesis:${region}:${accountId}:stream/`;
  for (const integration of integrations) {
    if (typeof integration.uri === 'string') integration.uri = inRegion(integration.uri, own, region);
    const { requestTemplates: templates } = integration;
    if (!isObject(templates)) continue;
    for (const [type, text] of Object.entries(templates))
      if (typeof text === 'string') templates[type] = text.replace(ofStreams, ofRun);
  }
}

/** Moves a URI to another region, along with the partition in its ARN. */
function inRegion(uri: string, own: string, region: string): string {
  const [partition = '', ...rest] = uri.split(`:apigateway:${own}:`);
  if (rest.length === 0) return uri;
  const arn = partition.replace(/^arn:aws[\w-]*$/, `arn:${partitionOf(region).name}`);
  return [arn, ...rest].join(`:apigateway:${region}:`);
}

function ownRegion(integrations: readonly JsonObject[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { uri } of integrations) {
    const region = typeof uri === 'string' ? /:apigateway:([^:$]+):/.exec(uri)?.[1] : undefined;
    if (region) counts.set(region, (counts.get(region) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
