import Ajv, { type ValidateFunction } from 'ajv-draft-04';
import { matchesPattern } from '../../infra/definition/interface/texts.ts';
import type { JsonObject } from '../../infra/definition/types.ts';

/** The keywords that restrict values of one type. A value of another type is left for the API to refuse. */
const OF_VALUES = new Set(['pattern', 'enum', 'maxLength', 'minLength', 'maximum', 'minimum']);

/** Compiled models, which do not change during a run; compiling one takes milliseconds. */
const validators = new WeakMap<JsonObject, ValidateFunction | undefined>();

/**
 * Why a model refuses the values of a body with correct members, as the end of "the model of POST /x refuses …";
 * undefined if it accepts them, or also refuses other things.
 */
export function whyRefused(model: JsonObject, body: string): string | undefined {
  if (!validators.has(model)) validators.set(model, compiled(model));
  const validate = validators.get(model);
  if (validate === undefined || validate(JSON.parse(body))) return undefined;
  const errors = validate.errors ?? [];
  const [first] = errors;
  if (first === undefined || !errors.every(({ keyword }) => OF_VALUES.has(keyword))) return undefined;
  return `the value at ${first.instancePath || 'the top level'}: it ${first.message}`;
}

/** Bounds a definition's patterns, which may backtrack forever. */
const BOUNDED = Object.assign(
  // Ajv distinguishes patterns by their texts.
  (pattern: string) => ({
    test: (text: string) => matchesPattern(pattern, text),
    toString: () => pattern,
  }),
  { code: 'bounded' },
);

/** The target refuses an invalid model. */
function compiled(model: JsonObject): ValidateFunction | undefined {
  try {
    return new Ajv.default({
      allErrors: true,
      strict: false,
      logger: false,
      validateFormats: false,
      code: { regExp: BOUNDED },
    }).compile(model);
  } catch {
    return undefined;
  }
}
