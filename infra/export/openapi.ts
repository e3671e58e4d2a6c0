import type { JsonObject } from '../definition/types.ts';
import { adapted, type ExportOptions, type Parts } from './parts.ts';

/** The API alone, with placeholders for what an account gives; its description tells what stands for what. */
export function toOpenApi(parts: Parts, _options?: ExportOptions): JsonObject {
  const document = adapted(parts, {
    uri: (uri) => uri.replace(':apigateway:us-east-1:', ':apigateway:${region}:'),
    credentials: '${execution-role-arn}',
    origin: parts.origin ?? '',
  });
  const info = document.info as JsonObject;
  document.info = {
    ...info,
    description: `${info.description}. Before importing it, put the API's region in place of \${region}, and in place of \${execution-role-arn} the ARN of a role that API Gateway may assume and that may do what the methods do.`,
  };
  return document;
}
