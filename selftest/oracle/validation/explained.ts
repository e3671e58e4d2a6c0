import type { Explanation } from '../report.ts';
import { type Answer, agree, type ValidationCase } from './case.ts';

export type Validate = (request: ValidationCase) => Promise<Answer>;

interface ValidationDifference extends Explanation {
  explains(difference: {
    readonly request: ValidationCase;
    readonly actual: Answer;
    readonly java: Validate;
  }): Promise<boolean>;
}

/** Every way in which the embedded AWS is known to differ from json-schema-validator 2.2.14. */
export const EXPLANATIONS: readonly ValidationDifference[] = [
  {
    kind: 'exclusive-minimum',
    reason: 'API Gateway does not support exclusiveMinimum; without it the validator agrees',
    fact: 'docs/facts/gateway.md#validation, DOC (GUIDE/api-gateway-known-issues)',
    explains: async ({ request, actual, java }) => {
      if (!request.schema.includes('"exclusiveMinimum"')) return false;
      const schema = request.schema.replace(/,\s*"exclusiveMinimum":\s*(?:true|false)/g, '');
      return agree(await java({ ...request, schema }), actual);
    },
  },
];
