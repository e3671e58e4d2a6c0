import { type Json, listAt, type OpenApiDocument, objectAt, textAt } from './document.ts';

/** An API definition in one shape for both OpenAPI versions. */
export interface Definition {
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly version: string | undefined;
  /** As in the file: `/test`, or empty. */
  readonly basePath: string;
  /** Name to JSON schema; its references still point into the file. */
  readonly schemas: Json;
  /** As written, including paths without methods. */
  readonly paths: readonly string[];
  readonly methods: readonly DefinedMethod[];
  /** Name to security scheme. */
  readonly securitySchemes: Json;
  /** The document's root, for API Gateway's extensions. */
  readonly root: Json;
}

export interface DefinedMethod {
  readonly path: string;
  /** Upper-case verb, or ANY. */
  readonly httpMethod: string;
  readonly operationId: string | undefined;
  readonly parameters: readonly DefinedParameter[];
  /** Media type to schema. */
  readonly bodies: Json;
  readonly responses: readonly DefinedResponse[];
  /**
   * The definitions of the schemes that the operation, or else the root, requires. The documentation says that AWS
   * ignores root-level schemes, but a recording of 2025-07-02 shows that it applies them.
   */
  readonly security: readonly DemandedScheme[];
  /** The operation, for API Gateway's extensions. */
  readonly operation: Json;
}

/** A security scheme that an operation requires. */
export interface DemandedScheme {
  readonly name: string;
  /** Its definition; empty if the file does not define it. */
  readonly scheme: Json;
  readonly scopes: readonly string[];
}

export interface DefinedParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
}

export interface DefinedResponse {
  readonly statusCode: string;
  readonly headers: readonly string[];
  /** Media type to schema. */
  readonly schemas: Json;
}

/** The differences between the versions. */
export interface Dialect {
  basePath(document: OpenApiDocument): string;
  schemas(document: OpenApiDocument): Json;
  securitySchemes(document: OpenApiDocument): Json;
  bodies(document: OpenApiDocument, operation: Json, parameters: readonly Json[]): Json;
  responseSchemas(document: OpenApiDocument, operation: Json, response: Json): Json;
}

const verbs = new Map([
  ...['get', 'put', 'post', 'delete', 'patch', 'options', 'head'].map(
    (verb) => [verb, verb.toUpperCase()] as const,
  ),
  ['x-amazon-apigateway-any-method', 'ANY'] as const,
]);

export function readDefinition(document: OpenApiDocument, dialect: Dialect): Definition {
  const { root } = document;
  const info = objectAt(root, 'info');
  const paths = objectAt(root, 'paths');
  return {
    title: textAt(info, 'title'),
    description: textAt(info, 'description'),
    version: textAt(info, 'version'),
    basePath: dialect.basePath(document),
    schemas: dialect.schemas(document),
    paths: Object.keys(paths).filter((path) => path.startsWith('/')),
    securitySchemes: Object.fromEntries(
      Object.entries(dialect.securitySchemes(document)).map(([name, scheme]) => [
        name,
        document.resolve(scheme),
      ]),
    ),
    methods: Object.entries(paths).flatMap(([path, item]) => readPath(document, dialect, path, item)),
    root,
  };
}

function readPath(document: OpenApiDocument, dialect: Dialect, path: string, item: unknown): DefinedMethod[] {
  if (!path.startsWith('/')) return [];
  const pathItem = document.resolve(item);
  const schemes = dialect.securitySchemes(document);
  return Object.entries(pathItem).flatMap(([key, value]) => {
    const httpMethod = verbs.get(key);
    if (httpMethod === undefined) return [];
    const operation = document.resolve(value);
    const parameters = mergedParameters(document, pathItem, operation);
    const method: DefinedMethod = {
      path,
      httpMethod,
      operationId: textAt(operation, 'operationId'),
      parameters: parameters.flatMap(definedParameter),
      bodies: dialect.bodies(document, operation, parameters),
      responses: readResponses(document, dialect, operation),
      security: listAt(Array.isArray(operation.security) ? operation : document.root, 'security').flatMap(
        (requirement) =>
          Object.entries(document.resolve(requirement)).map(([name, scopes]) => ({
            name,
            scheme: document.resolve(schemes[name]),
            scopes: Array.isArray(scopes) ? scopes.map(String) : [],
          })),
      ),
      operation,
    };
    return [method];
  });
}

/** An operation's parameter replaces the path's parameter with the same location and name. */
function mergedParameters(document: OpenApiDocument, pathItem: Json, operation: Json): Json[] {
  const all = [...listAt(pathItem, 'parameters'), ...listAt(operation, 'parameters')].map(document.resolve);
  return [...new Map(all.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter])).values()];
}

function definedParameter(parameter: Json): DefinedParameter[] {
  const { in: place } = parameter;
  const name = textAt(parameter, 'name');
  if (name === undefined || (place !== 'path' && place !== 'query' && place !== 'header')) return [];
  return [{ name, in: place, required: place === 'path' || parameter.required === true }];
}

/** `default` and ranges such as `4XX` have no counterpart in API Gateway and are ignored. */
function readResponses(document: OpenApiDocument, dialect: Dialect, operation: Json): DefinedResponse[] {
  return Object.entries(objectAt(operation, 'responses')).flatMap(([statusCode, value]) => {
    if (!/^[1-5]\d\d$/.test(statusCode)) return [];
    const response = document.resolve(value);
    return [
      {
        statusCode,
        headers: Object.keys(objectAt(response, 'headers')),
        schemas: dialect.responseSchemas(document, operation, response),
      },
    ];
  });
}
