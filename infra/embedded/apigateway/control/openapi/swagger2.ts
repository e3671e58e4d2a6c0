import type { Dialect } from './definition.ts';
import { type Json, listAt, type OpenApiDocument, objectAt, textAt } from './document.ts';

/** The operation's media types, else the file's, else JSON. */
function mediaTypes(document: OpenApiDocument, operation: Json, key: 'consumes' | 'produces'): string[] {
  const own = listAt(operation, key);
  const listed = (own.length > 0 ? own : listAt(document.root, key)).map(String);
  return listed.length > 0 ? listed : ['application/json'];
}

const forEach = (types: readonly string[], schema: unknown): Json =>
  schema === undefined ? {} : Object.fromEntries(types.map((type) => [type, schema]));

export const swagger2: Dialect = {
  basePath: (document) => textAt(document.root, 'basePath') ?? '',
  schemas: (document) => objectAt(document.root, 'definitions'),
  securitySchemes: (document) => objectAt(document.root, 'securityDefinitions'),
  bodies: (document, operation, parameters) =>
    forEach(
      mediaTypes(document, operation, 'consumes'),
      parameters.find((parameter) => parameter.in === 'body')?.schema,
    ),
  responseSchemas: (document, operation, response) =>
    forEach(mediaTypes(document, operation, 'produces'), response.schema),
};
