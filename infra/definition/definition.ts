import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf, UsageError } from '../errors.ts';
import { partitionOf } from '../partitions.ts';
import { readYaml, YamlError } from '../yaml.ts';
import { deriveInterface } from './interface/derive.ts';
import type { Interface } from './interface/types.ts';

/** An API definition as read: OpenAPI 2 or 3 with x-amazon-apigateway-integration. */
export interface Definition {
  /** `tutorial`, `hardened`, or the file's name. */
  readonly name: string;
  readonly path: string;
  /** Of the file's bytes, in hexadecimal. */
  readonly sha256: string;
  /** How many methods have an integration. */
  readonly integrations: number;
  /** A GET path that a deployed API should answer, if it has one; `{parameters}` as written. */
  readonly probePath: string | undefined;
  /** What the API offers; derived at the first call. */
  interface(): Interface;
  /**
   * The definition as JSON text for one deployment. Its own region, the one most of its integrations name,
   * becomes `region`; each credentials entry becomes `roleArn`. Nothing else changes: a missing role stays
   * missing, an integration in yet another region stays there.
   */
  render(values: { region: string; roleArn: string }): string;
}

const INTEGRATION = 'x-amazon-apigateway-integration';
/** Stands for the role that the run makes. */
const ANY_ROLE = 'arn:aws:iam::123456789012:role/proxy';
const NAMED = new Map([['tutorial', new URL('../proxy/tutorial.yaml', import.meta.url)]]);
/** The formal placeholders for a region in definitions kept as CloudFormation or Terraform templates. */
const REGION_PLACEHOLDERS = ['${AWS::Region}', '${aws_region}', '${region}', '{region}'];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/**
 * Reads a definition by its name (`tutorial`) or path, YAML or JSON.
 * @throws UsageError when it is missing, unreadable, no OpenAPI, or has no integration.
 */
export function loadDefinition(nameOrPath: string): Definition {
  if (nameOrPath === 'hardened')
    throw new UsageError(
      'the hardened definition is not part of this release; use --definition tutorial or a path',
    );
  const named = NAMED.get(nameOrPath);
  const file = named ?? path.resolve(nameOrPath);
  const bytes = read(file, nameOrPath);
  const document = parse(bytes.toString('utf8'), nameOrPath);
  const integrations = collectIntegrations(document);
  if (integrations.length === 0)
    throw new UsageError(
      `${nameOrPath} has no ${INTEGRATION}, so there is nothing to deploy; export the API with its integrations`,
    );
  let offered: Interface | undefined;
  return {
    name: named ? nameOrPath : path.basename(nameOrPath),
    path: named ? `infra/proxy/${nameOrPath}.yaml` : nameOrPath,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    integrations: integrations.length,
    probePath: probePath(document),
    interface: () => {
      offered ??= deriveInterface(JSON.parse(render(document, { region: 'us-east-1', roleArn: ANY_ROLE })));
      return offered;
    },
    render: (values) => render(document, values),
  };
}

/** What API Gateway imports at most (facts 3.9): 6 MB. */
const MAX_BYTES = 6 * 1024 * 1024;

function read(file: string | URL, label: string): Buffer {
  if (!existsSync(file))
    throw new UsageError(`no definition at ${label}; name tutorial, or the path of an OpenAPI file`);
  try {
    const stat = statSync(file);
    // A pipe or device has no size, and may never end.
    if (stat.isFile() && stat.size <= MAX_BYTES) return readFileSync(file);
    if (stat.isFile())
      throw new UsageError(
        `${label} has ${stat.size} bytes, and API Gateway imports at most ${MAX_BYTES} (6 MB); leave parts of it out`,
      );
    throw new UsageError(`${label} is not a file; give the path of an OpenAPI file`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read the definition ${label}: ${messageOf(error)}`);
  }
}

function parse(text: string, label: string): JsonObject {
  let value: Json;
  try {
    value = readYaml(text) as Json;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const where = error.line === undefined ? '' : `, line ${error.line}`;
    throw new UsageError(`${label} is neither YAML nor JSON${where}: ${error.message}`);
  }
  if (!isObject(value) || !isOpenApi(value))
    throw new UsageError(
      `${label} is not OpenAPI: it needs "openapi: 3.x" or "swagger: '2.0'" at its top; export the API as OpenAPI`,
    );
  if (!isObject(value.paths))
    throw new UsageError(
      `${label} has no paths, so there is nothing to deploy; export the API with its methods`,
    );
  return value;
}

function isOpenApi(document: JsonObject): boolean {
  return /^3\./.test(String(document.openapi)) || /^2\./.test(Number(document.swagger).toFixed(1));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function collectIntegrations(document: JsonObject): JsonObject[] {
  return Object.values(document.paths as JsonObject)
    .filter(isObject)
    .flatMap((item) => Object.values(item))
    .filter(isObject)
    .map((operation) => operation[INTEGRATION])
    .filter(isObject);
}

function probePath(document: JsonObject): string | undefined {
  const readable = Object.entries(document.paths as JsonObject)
    .filter(([, item]) => isObject(item) && isObject(item.get))
    .map(([route]) => route);
  return readable.sort((a, b) => a.length - b.length)[0];
}

function render(document: JsonObject, values: { region: string; roleArn: string }): string {
  const copy = structuredClone(document);
  const integrations = collectIntegrations(copy);
  for (const integration of integrations)
    if (integration.uri !== undefined) integration.uri = plainUri(integration.uri);
  const own = ownRegion(integrations);
  for (const integration of integrations) {
    if (typeof integration.uri === 'string' && own)
      integration.uri = inRegion(integration.uri, own, values.region);
    if (integration.credentials !== undefined && integration.credentials !== null)
      integration.credentials = values.roleArn;
  }
  return JSON.stringify(copy);
}

/** A region has its partition, which an ARN names as well. */
function inRegion(uri: string, own: string, region: string): string {
  const [partition = '', ...rest] = uri.split(`:apigateway:${own}:`);
  if (rest.length === 0) return uri;
  const arn = partition.replace(/^arn:aws[\w-]*$/, `arn:${partitionOf(region).name}`);
  return [arn, ...rest].join(`:apigateway:${region}:`);
}

/** CloudFormation's `Fn::Sub` around a URI is undone, since only a template's own tool could have done so. */
function plainUri(uri: Json): Json {
  const inner = isObject(uri) && typeof uri['Fn::Sub'] === 'string' ? uri['Fn::Sub'] : uri;
  return typeof inner === 'string' ? inner.replaceAll('${AWS::Partition}', 'aws') : inner;
}

function ownRegion(integrations: readonly JsonObject[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { uri } of integrations) {
    if (typeof uri !== 'string') continue;
    const region =
      REGION_PLACEHOLDERS.find((placeholder) => uri.includes(`:apigateway:${placeholder}:`)) ??
      /:apigateway:([^:]+):/.exec(uri)?.[1];
    if (region) counts.set(region, (counts.get(region) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
