import { type DefinedMethod, readDefinition } from '../../embedded/apigateway/control/openapi/definition.ts';
import { objectAt, readDocument, textAt } from '../../embedded/apigateway/control/openapi/document.ts';
import {
  integrationExtension,
  readIntegration,
} from '../../embedded/apigateway/control/openapi/integration-extension.ts';
import { openapi3 } from '../../embedded/apigateway/control/openapi/openapi3.ts';
import { swagger2 } from '../../embedded/apigateway/control/openapi/swagger2.ts';
import { byAccept, byMediaType } from '../../embedded/apigateway/dataplane/media-type.ts';
import type { Integration, Method } from '../../embedded/apigateway/model.ts';
import { messageOf } from '../../errors.ts';
import { isObject, type Json, type JsonObject } from '../types.ts';
import type { Declared } from './inputs.ts';
import { resolvedModel } from './model.ts';
import type { Auth, Cors, Input } from './types.ts';

/** A method that integrates with Kinesis, from the definition. */
export interface KinesisMethod {
  readonly path: string;
  /** The verb in upper case; POST for a method that accepts any. */
  readonly verb: string;
  readonly anyMethod: boolean;
  /** The media type of the client's body, whose template is rendered. */
  readonly contentType: string;
  /** Undefined if the body is passed to Kinesis unchanged. */
  readonly template: string | undefined;
  /** Whether the method has a template that comes first, for another media type. */
  readonly isFurther: boolean;
  readonly integration: Integration;
  /** The method with its integration and its declared responses, for the engine's response side. */
  readonly method: Method;
  readonly declared: Declared;
  readonly auth: Auth;
  readonly apiKeyRequired: boolean;
  readonly cors: Cors | undefined;
  /** What the OPTIONS method of the path demands of its caller, such as `an API key`. */
  readonly preflightGuard: string | undefined;
  /** The inputs that a validator demands. */
  readonly required: readonly Input[];
  readonly model: JsonObject | undefined;
  /** What bodies are said to be, whether or not a validator holds them to it. */
  readonly described: JsonObject | undefined;
}

/** A method with a Kinesis integration that cannot be read. */
export interface UnreadMethod {
  readonly path: string;
  readonly verb: string;
  readonly action: string;
  readonly why: string;
}

export interface MethodsRead {
  readonly methods: readonly (KinesisMethod | UnreadMethod)[];
  /** Media types whose bodies templates cannot read. */
  readonly binaryMediaTypes: readonly string[];
}

const KINESIS = /^arn:[^:]+:apigateway:[^:]*:(?:[^:.]+\.)?kinesis:(?:action|path)\//;
/** How the reason begins of a URI that no target can import. */
export const UNRESOLVED = 'nothing substitutes ';
/** A reference that stays in the text where a file writes it without Fn::Sub; API Gateway resolves stage variables. */
const PLACEHOLDER = /\$\{(?!stageVariables\.)[^}]*\}/;

/**
 * The methods of an OpenAPI document that integrate with a Kinesis action, in document order; a method of several
 * templates once for each.
 */
export function kinesisMethods(openapi: JsonObject): MethodsRead {
  const document = readDocument(Buffer.from(JSON.stringify(openapi)));
  const { methods } = readDefinition(document, document.version === 2 ? swagger2 : openapi3);
  const types = openapi['x-amazon-apigateway-binary-media-types'];
  return {
    methods: methods.flatMap((defined) => readOrSay(defined, methods, openapi)),
    binaryMediaTypes: Array.isArray(types) ? types.map(String) : [],
  };
}

function readOrSay(
  defined: DefinedMethod,
  all: readonly DefinedMethod[],
  root: JsonObject,
): (KinesisMethod | UnreadMethod)[] {
  const extension = defined.operation[integrationExtension];
  if (!isObject(extension as Json)) return [];
  const given = extension as JsonObject;
  const uri = String(given.uri);
  const [placeholder] = /kinesis:(?:action|path)\//.test(uri) ? (PLACEHOLDER.exec(uri) ?? []) : [];
  if (!(KINESIS.test(uri) || placeholder) || String(given.type).toUpperCase() !== 'AWS') return [];
  const verb = defined.httpMethod === 'ANY' ? 'POST' : defined.httpMethod;
  const unread = (why: string): UnreadMethod[] => {
    return [{ path: defined.path, verb, action: /:action\/(\w+)/.exec(uri)?.[1] ?? '', why }];
  };
  if (placeholder !== undefined)
    return unread(
      `${UNRESOLVED}${placeholder} in its URI; write the URI with Fn::Sub (!Sub), or write the value itself`,
    );
  const { requestTemplates: templates } = given;
  const unresolved = isObject(templates)
    ? Object.entries(templates).find(([, template]) => typeof template !== 'string')
    : undefined;
  if (unresolved) return unread(`the template for ${unresolved[0]} is not a string`);
  try {
    return readMethod(defined, given, verb, all, root);
  } catch (error) {
    return unread(messageOf(error));
  }
}

function readMethod(
  defined: DefinedMethod,
  given: JsonObject,
  verb: string,
  all: readonly DefinedMethod[],
  root: JsonObject,
): KinesisMethod[] {
  const { integration, responses } = readIntegration(given, { id: 'resource', path: defined.path }, verb);
  const validator = validatorOf(defined, root);
  integration.integrationResponses = Object.fromEntries(
    responses.map((response, index) => [`${response.statusCode}#${index}`, response]),
  );
  const common: Omit<KinesisMethod, 'contentType' | 'template' | 'isFurther' | 'model' | 'described'> = {
    path: defined.path,
    verb,
    anyMethod: defined.httpMethod === 'ANY',
    integration,
    method: {
      httpMethod: verb,
      authorizationType: 'NONE',
      apiKeyRequired: false,
      methodResponses: Object.fromEntries(
        defined.responses.map(({ statusCode }) => [statusCode, { statusCode }]),
      ),
      methodIntegration: integration,
    },
    declared: declaredOf(defined),
    ...authOf(defined),
    cors: corsOf(defined.path, all, integration),
    preflightGuard: guardOf(
      all.find(({ path, httpMethod }) => path === defined.path && httpMethod === 'OPTIONS'),
    ),
    required: validator.parameters ? requiredOf(defined) : [],
  };
  return templatesOf(integration).map(([contentType, template], index) => {
    const model = byMediaType(defined.bodies, contentType) as Json | undefined;
    const described = isObject(model) ? resolvedModel(model, root) : undefined;
    return {
      ...common,
      contentType,
      template,
      isFurther: index > 0,
      model: validator.body ? described : undefined,
      described,
    };
  });
}

function declaredOf({ path, parameters }: DefinedMethod): Declared {
  const of = (place: string) => parameters.filter((one) => one.in === place).map(({ name }) => name);
  const inPath = [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name = '']) => name);
  return { path: new Set(inPath), query: new Set(of('query')), header: new Set(of('header')) };
}

/** Security schemes without API Gateway's extension are only documentation, except for API keys. */
function authOf({ security, operation }: DefinedMethod): { auth: Auth; apiKeyRequired: boolean } {
  let auth: Auth = 'none';
  let apiKeyRequired = false;
  if (textAt(objectAt(operation, 'x-amazon-apigateway-auth'), 'type')?.toUpperCase() === 'AWS_IAM')
    auth = 'iam';
  for (const { scheme } of security) {
    const kind = textAt(scheme, 'x-amazon-apigateway-authtype')?.toLowerCase();
    if (kind === 'awssigv4') auth = 'iam';
    else if (isObject(scheme['x-amazon-apigateway-authorizer'] as Json) || kind !== undefined)
      auth = 'authorizer';
    else if (textAt(scheme, 'type') === 'apiKey' && /^x-api-key$/i.test(textAt(scheme, 'name') ?? ''))
      apiKeyRequired = true;
  }
  return { auth: auth === 'none' && apiKeyRequired ? 'api-key' : auth, apiKeyRequired };
}

const DEMANDS: Readonly<Record<Auth, string | undefined>> = {
  none: undefined,
  iam: 'a signature',
  'api-key': 'an API key',
  authorizer: 'a token for an authorizer',
};

function guardOf(preflight: DefinedMethod | undefined): string | undefined {
  return preflight && DEMANDS[authOf(preflight).auth];
}

const ORIGIN = /^method\.response\.header\.access-control-allow-origin$/i;

function corsOf(path: string, all: readonly DefinedMethod[], integration: Integration): Cors | undefined {
  const options = all.find((method) => method.path === path && method.httpMethod === 'OPTIONS');
  const own = Object.values(integration.integrationResponses ?? {});
  const answerOrigin = originIn(own.map(({ responseParameters }) => responseParameters ?? {}));
  if (options === undefined && answerOrigin === undefined) return undefined;
  const responses = objectAt(objectAt(options?.operation ?? {}, integrationExtension), 'responses');
  const preflightOrigin = originIn(
    Object.values(responses).map((response) =>
      objectAt(response as Record<string, unknown>, 'responseParameters'),
    ),
  );
  return {
    preflight: options !== undefined,
    ...(preflightOrigin !== undefined && { preflightOrigin }),
    ...(answerOrigin !== undefined && { answerOrigin }),
  };
}

function originIn(maps: readonly Readonly<Record<string, unknown>>[]): string | undefined {
  const found = maps.flatMap((map) => Object.entries(map)).find(([name]) => ORIGIN.test(name))?.[1];
  return found === undefined ? undefined : String(found).replace(/^'(.*)'$/s, '$1');
}

function validatorOf({ operation }: DefinedMethod, root: JsonObject) {
  const name = textAt(operation, VALIDATOR) ?? textAt(root, VALIDATOR);
  const validators = root[`${VALIDATOR}s`];
  const found = name !== undefined && isObject(validators) ? validators[name] : undefined;
  const validator = isObject(found) ? found : {};
  return {
    body: validator.validateRequestBody === true,
    parameters: validator.validateRequestParameters === true,
  };
}

const VALIDATOR = 'x-amazon-apigateway-request-validator';

function requiredOf({ parameters }: DefinedMethod): Input[] {
  return parameters
    .filter((one) => one.required && one.in !== 'path')
    .map(({ name, in: from }): Input => ({ from, name }));
}

/** The media types and their templates, that of JSON first; types that share one template count once. */
function templatesOf({ requestTemplates }: Integration): (readonly [string, string | undefined])[] {
  const [key, template] = byAccept(requestTemplates, 'application/json') ?? [];
  const first = key === undefined || key === '$default' ? 'application/json' : key;
  const others = Object.entries(requestTemplates ?? {}).filter(
    ([type, text]) => type !== key && type !== '$default' && text.trim() !== template?.trim(),
  );
  const texts = others.map(([, text]) => text.trim());
  return [[first, template], ...others.filter((_, index) => texts.indexOf(texts[index] ?? '') === index)];
}
