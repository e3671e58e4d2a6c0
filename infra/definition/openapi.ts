import path from 'node:path';
import { isOpenApi, type Preparation, resolveBody } from './body.ts';
import { DefinitionError } from './errors.ts';
import { Resolver, type Scope } from './functions.ts';
import { checkMethodsLeft, MethodsLeftOut } from './left-out.ts';
import { withoutForeignReferences, withoutPlaceholders } from './placeholders.ts';
import { lambdaUri, pseudoParameter } from './pseudo-parameters.ts';
import { type Declaration, isObject, type Json, type JsonObject, type ReadContext } from './types.ts';

export { isOpenApi };

/**
 * Reads an OpenAPI file. It may come from a CloudFormation or Terraform project and contain that project's functions
 * and placeholders.
 * @throws UsageError that names what cannot be resolved, and where.
 */
export function readOpenApi(document: JsonObject, context: ReadContext): Declaration {
  const resolver = new Resolver(bodyScope(context));
  const left = new MethodsLeftOut();
  const openapi = resolveBody(document, '', resolver, left, preparation(context, resolver));
  // AWS accepts a file without a title if the API already has a name.
  const info = isObject(openapi.info) ? openapi.info : {};
  openapi.info = {
    ...info,
    title: info.title ?? path.parse(context.file).name,
    version: info.version ?? '1.0',
  };
  checkMethodsLeft(context.file, openapi, left.list());
  return {
    form: 'openapi',
    openapi,
    roles: [],
    streams: [],
    stage: undefined,
    apiKeys: [],
    usagePlans: [],
    leftOut: left.list(),
  };
}

/** The names available to a standalone body: pseudo parameters, and the user's parameters. */
function bodyScope(context: ReadContext): Scope {
  const { file, parameters } = context;
  const given = (name: string, place: string): string => {
    const value = parameters.get(name);
    if (value !== undefined) return value;
    throw new DefinitionError(
      file,
      place,
      `\${${name}} is not defined; give it with --parameter ${name}=VALUE`,
    );
  };
  return {
    file,
    region: context.region,
    foreign: new Map(),
    ref: (name, place) => {
      if (name === 'AWS::NoValue') return undefined;
      return pseudoParameter(name, context) ?? given(name, place);
    },
    attribute: (id, attribute, place) => given(`${id}.${attribute}`, place),
    condition: (name, place) => {
      const value = given(name, place);
      if (value === 'true' || value === 'false') return value === 'true';
      throw new DefinitionError(
        file,
        place,
        `the condition ${name} must be true or false, not ${value}; correct it`,
      );
    },
    mapping: (map, top, second, place) => given(`${map}.${top}.${second}`, place),
    external: (name, _what, place) => given(name, place),
  };
}

function preparation(context: ReadContext, resolver: Resolver): Preparation {
  return {
    integration(integration, place) {
      const prepared = { ...integration };
      if (typeof prepared.uri === 'string')
        prepared.uri = withoutPlaceholders(prepared.uri, `${place}.uri`, context);
      if (prepared.credentials !== undefined && prepared.credentials !== null) {
        const found = credentials(prepared.credentials, `${place}.credentials`);
        if (found === undefined) delete prepared.credentials;
        else prepared.credentials = found;
      }
      if (isObject(prepared.requestTemplates))
        prepared.requestTemplates = templates(prepared.requestTemplates, `${place}.requestTemplates`);
      if (isObject(prepared.responses))
        prepared.responses = Object.fromEntries(
          Object.entries(prepared.responses).map(([pattern, response]) => {
            if (!isObject(response) || !isObject(response.responseTemplates)) return [pattern, response];
            const at = `${place}.responses.${pattern}.responseTemplates`;
            return [pattern, { ...response, responseTemplates: templates(response.responseTemplates, at) }];
          }),
        );
      return prepared;
    },
    authorizerUri: (name) => lambdaUri(`${context.stackName}-${name}`, context),
  };

  /** Prepares the templates that are strings; the resolver handles functions. */
  function templates(all: JsonObject, place: string): JsonObject {
    return Object.fromEntries(
      Object.entries(all).map(([type, template]) => [
        type,
        typeof template === 'string'
          ? withoutForeignReferences(template, `${place}.${type}`, context)
          : template,
      ]),
    );
  }

  /** Ignores unknown names in the ARN of a role, since the run replaces it with a role of its own. */
  function credentials(value: Json, place: string): Json | undefined {
    try {
      return typeof value === 'string'
        ? withoutPlaceholders(value, place, context)
        : resolver.resolve(value, place);
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      const name = JSON.stringify(value)
        .match(/[A-Za-z][\w-]*/g)
        ?.findLast((word) => !/^(Fn|Ref|Arn|arn|GetAtt|Sub)$/.test(word));
      return `arn:${context.partition}:iam::${context.accountId}:role/${name ?? context.stackName}`;
    }
  }
}
