/**
 * References between models. Inside the control plane they are the URLs that AWS shows
 * (`https://apigateway.amazonaws.com/restapis/{id}/models/{name}`, recorded); in a file they point into the file.
 */
import { isObject } from '../wire.ts';

const modelUrl = (restApiId: string, name: string) =>
  `https://apigateway.amazonaws.com/restapis/${restApiId}/models/${name}`;

const inFile = /^#\/(?:components\/schemas|definitions)\/([^/]+)$/;
const inService = /^https:\/\/apigateway\.[^/]+\/restapis\/[^/]+\/models\/([^/]+)$/;

/** The model to which a file's reference points; undefined for any other schema. */
export function modelNameOf(schema: unknown): string | undefined {
  const ref = isObject(schema) ? schema.$ref : undefined;
  return typeof ref === 'string' ? inFile.exec(ref)?.[1] : undefined;
}

export const toService = (schema: unknown, restApiId: string): unknown =>
  rewrite(schema, inFile, (name) => modelUrl(restApiId, name));

/** `prefix` is the location of the file's schemas, such as `#/components/schemas/`. */
export const toFile = (schema: unknown, prefix: string): unknown =>
  rewrite(schema, inService, (name) => prefix + name);

function rewrite(schema: unknown, from: RegExp, to: (name: string) => string): unknown {
  if (Array.isArray(schema)) return schema.map((entry) => rewrite(entry, from, to));
  if (!isObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      const name = key === '$ref' && typeof value === 'string' ? from.exec(value)?.[1] : undefined;
      return [key, name === undefined ? rewrite(value, from, to) : to(name)];
    }),
  );
}
