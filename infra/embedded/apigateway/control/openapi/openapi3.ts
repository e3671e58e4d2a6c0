import type { Dialect } from './definition.ts';
import { type Json, listAt, type OpenApiDocument, objectAt, textAt } from './document.ts';

/**
 * The path of the first server. A variable named basePath counts, if it is the only variable, even if the URL does not
 * contain it (recorded on AWS).
 */
function basePath(document: OpenApiDocument): string {
  const server = document.resolve(listAt(document.root, 'servers')[0]);
  const variable = textAt(objectAt(objectAt(server, 'variables'), 'basePath'), 'default');
  if (variable !== undefined) return variable;
  const path = /^(?:[a-z]+:)?\/\/[^/]+(\/.*)$/i.exec(textAt(server, 'url') ?? '')?.[1];
  return path ?? '';
}

function schemasOf(document: OpenApiDocument, content: Json): Json {
  return Object.fromEntries(
    Object.entries(content).flatMap(([mediaType, value]) => {
      const { schema } = document.resolve(value);
      return schema === undefined ? [] : [[mediaType, schema]];
    }),
  );
}

export const openapi3: Dialect = {
  basePath,
  schemas: (document) => objectAt(objectAt(document.root, 'components'), 'schemas'),
  securitySchemes: (document) => objectAt(objectAt(document.root, 'components'), 'securitySchemes'),
  bodies: (document, operation) =>
    schemasOf(document, objectAt(document.resolve(operation.requestBody), 'content')),
  responseSchemas: (document, _operation, response) => schemasOf(document, objectAt(response, 'content')),
};
