import { NO_AUTHORIZER, tolerantly } from '../body.ts';
import { textOf } from '../functions.ts';
import { isObject, type Json, type JsonObject } from '../types.ts';
import {
  type Draft,
  demandKey,
  demandSignature,
  isTrue,
  preparation,
  present,
  securitySchemesOf,
} from './draft.ts';

/** Adds to every method what SAM's `Auth` demands of callers: a key, a signature or an authorizer. */
export function addAuth(draft: Draft): void {
  const { template, api, openapi } = draft;
  const { Auth: auth } = api.properties;
  const place = `${api.place}.Auth`;
  const entries = new Map(template.resolver.entries(auth, place)?.map(([key, ...rest]) => [key, rest]));
  const value = (key: string): Json | undefined => {
    const found = entries.get(key);
    return found && template.resolver.resolve(...found);
  };
  const preflight = value('AddDefaultAuthorizerToCorsPreflight');
  const guardsPreflight = preflight === undefined || isTrue(preflight);
  const declared = entries.get('Authorizers');
  for (const [name, authorizer, at] of declared ? (template.resolver.entries(...declared) ?? []) : [])
    addAuthorizer(draft, name, authorizer, at);
  addResourcePolicy(openapi, value('ResourcePolicy'));
  const byDefault = textOf(value('DefaultAuthorizer'));
  const needsKey = isTrue(value('ApiKeyRequired'));
  for (const [verb, operation] of operations(openapi)) {
    const own = Array.isArray(operation.security) ? operation.security.filter(isObject) : [];
    const demanded = [...own];
    const isGuarded = own.some((entry) => Object.keys(entry).some((name) => name !== 'api_key'));
    // SAM demands no key for a preflight, and an explicit empty list means that nothing is demanded.
    const isOpen = Array.isArray(operation.security) && own.length === 0;
    if (
      byDefault !== undefined &&
      byDefault !== 'NONE' &&
      !isGuarded &&
      !isOpen &&
      (verb !== 'options' || guardsPreflight)
    )
      demanded.push(byDefault === 'AWS_IAM' ? demandSignature(openapi) : { [byDefault]: [] });
    if (needsKey && verb !== 'options' && !own.some((entry) => 'api_key' in entry))
      demanded.push(demandKey(openapi));
    if (demanded.length > own.length) operation.security = demanded;
  }
}

/**
 * Adds SAM's `ResourcePolicy`: statements, or lists of accounts, addresses and networks, each of which limits callers.
 * Only what they do is kept, since a run deploys no policy that limits callers.
 */
function addResourcePolicy(openapi: JsonObject, policy: Json | undefined): void {
  if (!isObject(policy)) return;
  const { CustomStatements: own = [], ...lists } = policy;
  const limits = Object.keys(lists).map(
    (name): JsonObject => ({ Sid: name, Effect: 'Deny', Principal: '*' }),
  );
  openapi['x-amazon-apigateway-policy'] = {
    Version: '2012-10-17',
    Statement: [...[own].flat().filter(isObject), ...limits],
  };
}

function operations(openapi: JsonObject): [verb: string, operation: JsonObject][] {
  const items = Object.values(isObject(openapi.paths) ? openapi.paths : {}).filter(isObject);
  return items.flatMap((item) =>
    Object.entries(item).flatMap(([verb, operation]): [string, JsonObject][] =>
      verb !== 'parameters' && isObject(operation) ? [[verb, operation]] : [],
    ),
  );
}

function addAuthorizer(draft: Draft, name: string, value: Json, place: string): void {
  const { template, openapi, left } = draft;
  const properties = isObject(value) ? value : {};
  const isPool = properties.UserPoolArn !== undefined;
  const member = (key: string) => template.resolver.resolve(properties[key], `${place}.${key}`);
  const identity = member('Identity');
  const given = isObject(identity) ? identity : {};
  const isRequest = textOf(member('FunctionPayloadType'))?.toUpperCase() === 'REQUEST';
  const pools = isPool ? member('UserPoolArn') : undefined;
  const header = textOf(given.Header) ?? 'Authorization';
  const seconds = given.ReauthorizeEvery;
  securitySchemesOf(openapi)[name] = {
    type: 'apiKey',
    name: isRequest ? 'Unused' : header,
    in: 'header',
    'x-amazon-apigateway-authtype': isPool ? 'cognito_user_pools' : 'custom',
    'x-amazon-apigateway-authorizer': present({
      type: isPool ? 'cognito_user_pools' : isRequest ? 'request' : 'token',
      providerARNs: pools === undefined ? undefined : [pools].flat(),
      // The function is not deployed, so its URI only needs the right form.
      authorizerUri: isPool ? undefined : preparation(template).authorizerUri(name),
      identitySource: isRequest ? sources(given) : undefined,
      identityValidationExpression: given.ValidationExpression,
      authorizerResultTtlInSeconds: seconds === undefined ? undefined : Number(seconds),
    }),
  };
  left.calls(
    'lambda',
    tolerantly(() => member('FunctionInvokeRole')),
  );
  if (!isPool) left.addPart(`the Lambda function of the authorizer ${name}`, place, NO_AUTHORIZER);
}

function sources(identity: JsonObject): string | undefined {
  const kinds = { Headers: 'header', QueryStrings: 'querystring' };
  const named = Object.entries(kinds).flatMap(([key, kind]) =>
    [identity[key] ?? []].flat().map((name) => `method.request.${kind}.${name}`),
  );
  const other = { StageVariables: 'stageVariables', Context: 'context' };
  const more = Object.entries(other).flatMap(([key, kind]) =>
    [identity[key] ?? []].flat().map((name) => `${kind}.${name}`),
  );
  const all = [...named, ...more];
  return all.length > 0 ? all.join(', ') : undefined;
}
