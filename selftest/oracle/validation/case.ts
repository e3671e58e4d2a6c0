import { parseJson } from '../../../infra/embedded/apigateway/dataplane/json.ts';
import { Schema, SchemaError } from '../../../infra/embedded/apigateway/dataplane/schema/schema.ts';

/** One validation, in the form that Validation.java reads: both are JSON texts. */
export interface ValidationCase {
  readonly schema: string;
  readonly body: string;
}

/** `text` has all messages, warnings too. */
export type Answer = { readonly valid: boolean; readonly text: string } | { readonly error: string };

/** Validates with the embedded AWS. */
export function validateEmbedded({ schema, body }: ValidationCase): Answer {
  try {
    const report = new Schema(parseJson(schema), () => undefined).validate(parseJson(body));
    return { valid: !report.failed, text: report.toString() };
  } catch (error) {
    if (REFUSALS.some((kind) => error instanceof kind)) return { error: (error as Error).message };
    throw error;
  }
}

/** What validation.ts answers with an error of the gateway. */
const REFUSALS = [SchemaError, SyntaxError, RangeError] as const;

/** Two refusals agree, whatever their words, which a client does not see. */
export function agree(expected: Answer, actual: Answer): boolean {
  if ('error' in expected || 'error' in actual) return 'error' in expected && 'error' in actual;
  return expected.valid === actual.valid && expected.text === actual.text;
}

export function describeAnswer(answer: Answer): string {
  return 'error' in answer
    ? `refused: ${answer.error}`
    : `${answer.valid ? 'valid' : 'invalid'} ${answer.text}`;
}
