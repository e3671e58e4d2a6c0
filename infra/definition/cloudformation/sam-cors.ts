import { textOf } from '../functions.ts';
import { INTEGRATION } from '../left-out.ts';
import { isObject, type Json, type JsonObject } from '../types.ts';
import { type Draft, isSwagger } from './draft.ts';

const HEADER = 'Access-Control-Allow-';

/** Adds the OPTIONS methods that SAM's `Cors` adds to each path that has none (SAM specification, CorsConfiguration). */
export function addCors({ template, api, openapi }: Draft): void {
  const cors = template.property(api, 'Cors');
  if (cors === undefined || !isObject(openapi.paths)) return;
  const given = isObject(cors) ? cors : { AllowOrigin: cors };
  for (const item of Object.values(openapi.paths)) {
    if (!isObject(item) || item.options !== undefined) continue;
    item.options = preflight(given, methodsOf(item), isSwagger(openapi));
  }
}

function methodsOf(item: JsonObject): string {
  const verbs = Object.keys(item).filter((key) => /^(get|put|post|delete|patch|head)$/.test(key));
  const isAny = item['x-amazon-apigateway-any-method'] !== undefined;
  const names = isAny
    ? ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT']
    : verbs.map((verb) => verb.toUpperCase());
  return `'${[...names, 'OPTIONS'].sort().join(',')}'`;
}

function preflight(given: JsonObject, methods: string, inSwagger: boolean): JsonObject {
  const credentials = textOf(given.AllowCredentials) === 'true' ? "'true'" : undefined;
  const all: [name: string, value: Json | undefined][] = [
    [`${HEADER}Methods`, given.AllowMethods ?? methods],
    [`${HEADER}Headers`, given.AllowHeaders],
    [`${HEADER}Origin`, given.AllowOrigin ?? "'*'"],
    ['Access-Control-Max-Age', given.MaxAge],
    [`${HEADER}Credentials`, credentials],
  ];
  const headers = all.filter((entry): entry is [string, Json] => entry[1] !== undefined);
  const shape: JsonObject = inSwagger ? { type: 'string' } : { schema: { type: 'string' } };
  return {
    summary: 'CORS support',
    responses: {
      '200': {
        description: 'Default response for CORS method',
        headers: Object.fromEntries(headers.map(([name]) => [name, { ...shape }])),
      },
    },
    [INTEGRATION]: {
      type: 'mock',
      requestTemplates: { 'application/json': '{\n  "statusCode" : 200\n}\n' },
      responses: {
        default: {
          statusCode: '200',
          responseParameters: Object.fromEntries(
            headers.map(([name, value]) => [`method.response.header.${name}`, value]),
          ),
          responseTemplates: { 'application/json': '{}\n' },
        },
      },
    },
  };
}
