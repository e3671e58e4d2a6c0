import type { JsonObject } from '../definition/types.ts';
import { adapted, type ExportOptions, type Parts } from './parts.ts';

/** The API alone, with placeholders for account-specific values, which its description explains. */
export function toOpenApi(parts: Parts, _options?: ExportOptions): JsonObject {
  const document = adapted(parts, {
    uri: (uri) => uri.replace(':apigateway:us-east-1:', ':apigateway:${region}:'),
    credentials: '${execution-role-arn}',
    origin: parts.origin ?? '',
  });
  const info = document.info as JsonObject;
  document.info = {
    ...info,
    description: `${info.description}. Before importing it, replace \${region} with the API's region, and \${execution-role-arn} with the ARN of a role that API Gateway may assume and that permits the methods' actions.`,
  };
  return document;
}
