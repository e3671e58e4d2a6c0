import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { CORE_SCHEMA, dump } from 'js-yaml';
import { messageOf, UsageError } from '../../errors.ts';
import { calledWith } from '../../invocation.ts';
import { readYaml, YamlError } from '../../yaml.ts';
import { keyOf, storedAs } from './classify.ts';
import { absentOf } from './derive.ts';
import schema from './interface.schema.json' with { type: 'json' };
import { conditionsIn, inputsIn } from './members.ts';
import type { Call, Interface, Place, RecordPlaces } from './types.ts';

/** A call in a file: only these members are required; the others have defaults. */
type GivenCall = Pick<Call, 'action' | 'method' | 'path'> & Partial<Call>;

type GivenInterface = Partial<Pick<Interface, 'weak' | 'limitsCallers'>> & { readonly calls: GivenCall[] };

/** Writes an interface as YAML that `readInterface` can read. */
export function writeInterface({ source: _, ...rest }: Interface): string {
  return dump(rest, { schema: CORE_SCHEMA, lineWidth: 110, noRefs: true });
}

/**
 * Parses an interface that was written by hand, or printed by `inspect`. Only action, method and path are required.
 * @param file the file's name in error messages.
 * @throws UsageError of one line, with the place of the error.
 */
export function readInterface(text: string, file: string): Interface {
  let given: unknown;
  try {
    given = readYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const where = error.line === undefined ? '' : `, line ${error.line}`;
    throw new UsageError(`${file} is neither YAML nor JSON${where}: ${error.message}`);
  }
  validator ??= new Ajv({
    strict: false,
    allErrors: true,
    validateSchema: false,
    code: { optimize: false },
  }).compile(schema);
  if (!validator(given))
    throw new UsageError(`${file}: ${described(validator.errors ?? [])}; docs/interface.md shows the form`);
  const { calls, weak = [], limitsCallers } = given as GivenInterface;
  calls.forEach((call, index) => {
    const problem = contradiction(call);
    if (problem) throw new UsageError(`${file}: /calls/${index}: ${problem}`);
  });
  const complete = calls.map(completed);
  return {
    source: file,
    calls: complete,
    absent: absentOf(complete),
    weak,
    ...(limitsCallers !== undefined && { limitsCallers }),
  };
}

let validator: ValidateFunction | undefined;

const INPUTS =
  '{from: path|query|header, name}, {from: body|element, at: /POINTER}, {from: raw-body}, {from: context|stage-variable, name}';
/** What a member with several forms accepts, by the end of its path. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/\/records$/, '{list, element} or {written}'],
  [/\/response$/, "pass-through, or {at} for each member of Kinesis's answer"],
  [/\/whenAbsent$/, 'omitted, or a place'],
  [/\/(?:list|input|given|required\/\d+)$/, INPUTS],
  [/./, `${INPUTS}, {fixed} or {template}`],
];

/** Describes the deepest schema error, since everything that contains it has an error too. */
function described(errors: readonly ErrorObject[]): string {
  const deepest = (some: readonly ErrorObject[]) =>
    [...some].sort((a, b) => b.instancePath.split('/').length - a.instancePath.split('/').length)[0];
  const form = deepest(errors.filter(({ keyword }) => keyword === 'anyOf'));
  if (form) return `${form.instancePath} takes ${FORMS.find(([end]) => end.test(form.instancePath))?.[1]}`;
  const first = deepest(errors);
  if (first === undefined) return 'it is not an interface';
  const at = first.instancePath || 'the file';
  if (first.keyword === 'additionalProperties')
    return `${at} has an unknown member ${first.params.additionalProperty}`;
  if (first.keyword === 'enum')
    return `${at} is not one of ${(first.params.allowedValues as string[]).join(', ')}`;
  return `${at} ${first.message}`;
}

function contradiction(call: GivenCall): string | undefined {
  const inPath = new Set([...call.path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name]) => name));
  const ofList = call.records && 'list' in call.records ? Object.values(call.records.element) : [];
  const others = placesOf(call);
  for (const place of [...others, ...ofList])
    for (const input of [...inputsIn(place), ...conditionsIn(place)]) {
      if (input.from === 'path' && !inPath.has(input.name))
        return `{from: path, name: ${input.name}} is not a parameter of ${call.path}`;
      if (input.from === 'element' && others.includes(place))
        return `{from: element} is only allowed in records.element`;
    }
  return undefined;
}

/** All places except those of list elements. */
function placesOf(call: GivenCall): Place[] {
  const { others = {}, records } = call;
  const written: readonly RecordPlaces[] = records && 'written' in records ? records.written : [];
  const named = Object.values(call).filter(
    (value): value is Place =>
      typeof value === 'object' &&
      value !== null &&
      ['from', 'fixed', 'template'].some((key) => key in value),
  );
  return [...named, ...Object.values(others), ...written.flatMap((record): Place[] => Object.values(record))];
}

function completed(call: GivenCall): Call {
  const { contentType = 'application/json', auth = 'none', records } = call;
  const one = records === undefined ? call : 'list' in records ? records.element : (records.written[0] ?? {});
  return {
    contentType,
    errors: 'mapped',
    statuses: {},
    success: 200,
    auth,
    apiKeyRequired: auth === 'api-key',
    contentTypes: [contentType],
    passthrough: false,
    required: [],
    response: 'pass-through',
    undetermined: [],
    ...(one.data && { stored: storedAs(one.data) }),
    ...(one.partitionKey && { key: keyOf(one.partitionKey) }),
    ...call,
  };
}

/** @throws UsageError if the file is missing or cannot be read. */
export function readInterfaceFile(file: string): Interface {
  if (!existsSync(file))
    throw new UsageError(`no interface at ${file}; ${calledWith('inspect')} FILE --json prints one`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the interface ${file}: ${messageOf(error)}`);
  }
  return readInterface(text, file);
}
