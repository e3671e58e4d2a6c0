import Ajv, { type ValidateFunction } from 'ajv-draft-04';
import { hasFormat, KNOWN_FORMATS, matchesPattern } from '../../infra/definition/interface/texts.ts';
import type { Json, JsonObject } from '../../infra/definition/types.ts';

/** The keywords that restrict values of one type. A value of another type is left for the API to refuse. */
const OF_VALUES = new Set([
  'pattern',
  'format',
  'enum',
  'maxLength',
  'minLength',
  'maximum',
  'minimum',
  'anyOf',
  'oneOf',
]);

/** Compiled models, which do not change during a run; compiling one takes milliseconds. */
const validators = new WeakMap<JsonObject, ValidateFunction | undefined>();

/**
 * Why a model refuses the values of a body with correct members, as the end of "the model of POST /x refuses …";
 * undefined if it accepts them, or also refuses other things.
 */
export function whyRefused(model: JsonObject, body: string): string | undefined {
  const validate = validatorOf(model);
  if (validate === undefined || validate(JSON.parse(body))) return undefined;
  // What each alternative would have instead is said by the error of the whole.
  const errors = (validate.errors ?? []).filter(({ schemaPath }) => !/\/(?:any|one)Of\/\d/.test(schemaPath));
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

/** Whether a schema accepts a value; one that cannot be read accepts any. */
export function accepts(schema: JsonObject, value: Json): boolean {
  return validatorOf(schema)?.(value) !== false;
}

function validatorOf(schema: JsonObject): ValidateFunction | undefined {
  if (!validators.has(schema)) validators.set(schema, compiled(schema));
  return validators.get(schema);
}

/** The target refuses an invalid model. */
function compiled(model: JsonObject): ValidateFunction | undefined {
  try {
    return new Ajv.default({
      allErrors: true,
      strict: false,
      logger: false,
      formats: Object.fromEntries(
        KNOWN_FORMATS.map((format) => [format, (text: string) => hasFormat(format, text)]),
      ),
      code: { regExp: BOUNDED },
    }).compile(model);
  } catch {
    return undefined;
  }
}
