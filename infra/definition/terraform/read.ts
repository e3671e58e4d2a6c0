import { UsageError } from '../../errors.ts';
import type { Assumption, Declaration, JsonObject, ReadContext } from '../types.ts';
import { type ApiParts, assemble, rootExtensions } from './assemble.ts';
import { readBody } from './body.ts';
import { limitOnCallers } from './callers.ts';
import { type Instance, objectAt, openFile } from './document.ts';
import { isUnknown, valueAt } from './expressions.ts';
import { readAuthorizers, readMethods, readValidators } from './methods.ts';
import { Names } from './names.ts';
import { declareKeys, declarePlans, declareStage, declareStreams } from './other-resources.ts';
import {
  number,
  optionalText,
  parseJson,
  type Reading,
  requiredText,
  secretsOf,
  text,
  texts,
} from './reading.ts';
import { failure, References } from './references.ts';
import { ApiResources, chooseApi } from './resources.ts';
import { declareRoles } from './roles.ts';

/** API Gateway resources that a run does not deploy, with the reason. */
const NOT_DEPLOYED: Readonly<Record<string, string>> = {
  aws_api_gateway_account: 'it is a setting of the whole account',
  aws_api_gateway_base_path_mapping: 'a run calls the API at its own URL',
  aws_api_gateway_client_certificate: 'a run deploys no certificates',
  aws_api_gateway_domain_name: 'a run calls the API at its own URL',
  aws_api_gateway_method_settings:
    'a run applies no limits, which would fail correct calls, and logs nothing',
  aws_api_gateway_rest_api_policy: 'it names the API by the id that it has in its own account',
  aws_api_gateway_vpc_link: 'a run deploys no VPC links',
};

/**
 * Reads the output of `terraform show -json` for a plan (format_version 1.x) or a state; OpenTofu writes the same. For
 * values known only after apply it follows the configuration's references; a state has all values.
 * @throws UsageError of one line, `FILE: ADDRESS.attribute: cause; remedy`, that never shows a sensitive value.
 */
export function readTerraform(document: JsonObject, context: ReadContext): Declaration {
  try {
    return read(document, context);
  } catch (error) {
    // The nesting exceeds the stack; no file that Terraform writes does.
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `${context.file}: it is nested too deeply to be read; make it with terraform show -json`,
    );
  }
}

function read(document: JsonObject, context: ReadContext): Declaration {
  const file = openFile(document, context);
  const api = chooseApi({ file, context });
  const assumed: Assumption[] = [];
  const reading: Reading = {
    file,
    context,
    references: new References(file, assumed),
    names: new Names(file, context),
    leftOut: [],
    otherServices: new Map(),
    assumed,
    secrets: secretsOf(file),
  };
  if (document.complete === false)
    reading.leftOut.push({
      what: 'what the plan does not contain',
      place: context.file,
      why: 'the plan is incomplete, as with -target or deferred changes',
    });
  const roles = new Set<Instance>();
  const openapi = readApi(reading, api, roles);
  const limitsCallers = limitOnCallers(reading, api, new ApiResources(reading, api));
  const declaration = {
    form: 'terraform' as const,
    openapi,
    ...(limitsCallers !== undefined && { limitsCallers }),
    ...declareRoles(reading, roles),
    streams: declareStreams(reading),
    stage: declareStage(reading, api),
    apiKeys: declareKeys(reading),
    usagePlans: declarePlans(reading, api),
  };
  for (const [type, why] of Object.entries(NOT_DEPLOYED)) {
    const addresses = (file.byType.get(type) ?? []).map(({ address }) => address);
    if (addresses.length > 0) reading.leftOut.push({ what: type, place: addresses.join(', '), why });
  }
  if (valueAt(api.values, ['policy']))
    reading.leftOut.push({
      what: 'the resource policy of the API',
      place: `${api.address}.policy`,
      why: 'it names the API by the id that it has in its own account',
    });
  const { leftOut, secrets } = reading;
  return { ...declaration, leftOut, assumed, secrets: [...secrets] };
}

function readApi(reading: Reading, api: Instance, roles: Set<Instance>): JsonObject {
  const resources = new ApiResources(reading, api);
  const body = readBody(reading, api, roles);
  const validators = readValidators(reading, resources);
  const authorizers = readAuthorizers(reading, resources);
  const names = { validators: validators.names, authorizers: authorizers.names };
  const binary = isUnknown(api, ['binary_media_types']) ? undefined : api.values.binary_media_types;
  const parts: ApiParts = {
    title: reading.names.nameOf(api),
    description: optionalText(reading, api, 'description') || undefined,
    binaryMediaTypes: Array.isArray(binary) ? binary.map(String) : undefined,
    apiKeySource: optionalText(reading, api, 'api_key_source') || undefined,
    minimumCompressionSize: compression(reading, api),
    paths: resources.all('aws_api_gateway_resource').map((each) => resources.pathOf(each)),
    methods: readMethods(reading, resources, names, roles),
    models: readModels(reading, resources),
    validators: validators.parts,
    gatewayResponses: resources.all('aws_api_gateway_gateway_response').map((each) => ({
      responseType: requiredText(reading, each, 'response_type'),
      statusCode: text(reading, each, 'status_code') || undefined,
      responseParameters: texts(reading, each, 'response_parameters'),
      responseTemplates: texts(reading, each, 'response_templates'),
    })),
    authorizers: authorizers.parts,
  };
  if (body === undefined) return assemble(parts);
  return withBody(reading, api, body, parts);
}

/** The provider writes -1 for no compression. */
function compression(reading: Reading, api: Instance): number | undefined {
  const size = number(reading, api, 'minimum_compression_size');
  return size === undefined || size < 0 ? undefined : size;
}

function readModels(reading: Reading, resources: ApiResources): { name: string; schema: JsonObject }[] {
  return resources.all('aws_api_gateway_model').flatMap((model) => {
    const source = text(reading, model, 'schema');
    if (source === undefined || source === '') return [];
    const schema = parseJson(reading, model, ['schema'], source);
    return [{ name: requiredText(reading, model, 'name'), schema: toFile(schema) }];
  });
}

const MODEL_URL = /"https:\/\/apigateway\.[^/"]+\/restapis\/[^/"]+\/models\/([a-zA-Z0-9]+)"/g;

/** Converts references between models: URLs in API Gateway, JSON pointers in a document. */
function toFile(schema: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(schema).replace(MODEL_URL, '"#/components/schemas/$1"')) as JsonObject;
}

/** Merges a body with the API's own name, settings and parts, which take precedence over the body's. */
function withBody(reading: Reading, api: Instance, body: JsonObject, parts: ApiParts): JsonObject {
  const isThree = typeof body.openapi === 'string';
  const beside = assemble(parts);
  const components = objectAt(beside, 'components') ?? {};
  const isMixed = parts.methods.length + parts.paths.length + Object.keys(components).length > 0;
  if (isMixed && !isThree)
    throw failure(
      reading.context.file,
      api,
      ['body'],
      'resources, methods or models in addition to a Swagger 2.0 body are not supported',
      'write the body in OpenAPI 3',
    );
  const document: JsonObject = {
    ...merged(body, rootExtensions(parts)),
    info: { version: '1.0', ...objectAt(body, 'info'), title: parts.title },
  };
  if (!isMixed) return document;
  document.paths = merged(objectAt(body, 'paths') ?? {}, objectAt(beside, 'paths') ?? {});
  document.components = merged(objectAt(body, 'components') ?? {}, components);
  return document;
}

/** Merges objects recursively; members of `over` take precedence. */
function merged(base: JsonObject, over: JsonObject): JsonObject {
  const all = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = objectAt(base, key);
    const above = objectAt(over, key);
    all[key] = below && above ? { ...below, ...above } : value;
  }
  return all;
}
