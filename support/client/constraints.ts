import Ajv, { type ValidateFunction } from 'ajv-draft-04';
import { matchesPattern } from '../../infra/definition/interface/texts.ts';
import type { JsonObject } from '../../infra/definition/types.ts';

/** The keywords that restrict values of one type. A value of another type is for the API itself to refuse. */
const OF_VALUES = new Set(['pattern', 'enum', 'maxLength', 'minLength', 'maximum', 'minimum']);

/** Models stay as they are for a run; compiling one takes milliseconds. */
const validators = new WeakMap<JsonObject, ValidateFunction | undefined>();

/**
 * Why a model refuses the values of a body that has the right members, in words that end "the model of POST /x refuses …";
 * undefined where it takes them, or refuses more than values.
 */
export function whyRefused(model: JsonObject, body: string): string | undefined {
  if (!validators.has(model)) validators.set(model, compiled(model));
  const validate = validators.get(model);
  if (validate === undefined || validate(JSON.parse(body))) return undefined;
  const errors = validate.errors ?? [];
  const [first] = errors;
  if (first === undefined || !errors.every(({ keyword }) => OF_VALUES.has(keyword))) return undefined;
  return `what this asks for at ${first.instancePath || 'its top'}: it ${first.message}`;
}

/** A definition's pattern may backtrack for ever. */
const BOUNDED = Object.assign(
  // Ajv tells patterns apart by their texts.
  (pattern: string) => ({
    test: (text: string) => matchesPattern(pattern, text),
    toString: () => pattern,
  }),
  { code: 'bounded' },
);

/** The target itself refuses an invalid model. */
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
