import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../types.ts';
import { answersOf } from './answers.ts';
import type { Source } from './base.ts';
import { keyOf, storedAs } from './classify.ts';
import { inputOf } from './inputs.ts';
import { inputsIn, isData, recordsOf } from './members.ts';
import { type KinesisMethod, kinesisMethods, type UnreadMethod } from './methods.ts';
import { Budget, sourcesOf } from './rendering.ts';
import { type DerivedRequest, deriveRequest } from './request.ts';
import { demandsMember, isScalar } from './texts.ts';
import {
  type Call,
  EIGHT_ACTIONS,
  type Interface,
  MEMBERS,
  type MemberField,
  type Place,
  UNLIKE,
  type Undetermined,
  type Weakness,
} from './types.ts';
import { ANONYMOUS, weaknessesOf } from './weak.ts';

/** What is known about the stage to which the API is deployed. */
export interface StageOf {
  readonly variables?: Readonly<Record<string, string>>;
  /** What may turn callers away, and a run does not deploy. */
  readonly limitsCallers?: string | undefined;
}

/**
 * Derives the interface of an OpenAPI document with `x-amazon-apigateway-integration`s by rendering each method's
 * template with marked inputs. The names in the document must be resolved.
 * @throws the embedded control plane's error if the document is not OpenAPI 2 or 3.
 */
export function deriveInterface(openapi: JsonObject, stage: StageOf = {}): Interface {
  const { methods, binaryMediaTypes } = kinesisMethods(openapi);
  const budget = new Budget();
  const derived = methods.map((method) =>
    'why' in method
      ? { call: unreadCall(method), weak: [] }
      : deriveCall(method, stage.variables ?? {}, binaryMediaTypes, new Budget(budget)),
  );
  const calls = derived.map(({ call }) => call);
  const weak = derived.flatMap((one) => one.weak);
  const { limitsCallers } = stage;
  return {
    source: 'derived',
    calls,
    absent: absentOf(calls),
    weak: firstOfEachKind(weak).map((one) => (limitsCallers ? limited(one, limitsCallers) : one)),
    ...(limitsCallers !== undefined && { limitsCallers }),
  };
}

/** What is not sure where something that no run deploys may turn callers away. */
function limited(weakness: Weakness, by: string): Weakness {
  if (weakness.what !== ANONYMOUS) return weakness;
  return { ...weakness, why: `${weakness.why}; only ${by} may turn callers away`, clauses: [] };
}

/** What the templates of one method have in common is told once. */
function firstOfEachKind(all: readonly Weakness[]): Weakness[] {
  return [
    ...new Map(all.toReversed().map((one) => [JSON.stringify(withoutType(one)), one])).values(),
  ].reverse();
}

function withoutType({ where, ...rest }: Weakness): Weakness {
  return { ...rest, where: where.replace(/ as [^\s:]+(?=: |$)/, '') };
}

/** The actions, out of the tutorial's eight, that no call has. */
export function absentOf(calls: readonly Pick<Call, 'action'>[]): string[] {
  return EIGHT_ACTIONS.filter((action) => !calls.some((call) => call.action === action));
}

function unreadCall({ path, verb, action, why }: UnreadMethod): Call {
  return {
    action,
    method: verb,
    path,
    contentType: 'application/json',
    errors: 'mapped',
    statuses: {},
    success: 200,
    auth: 'none',
    apiKeyRequired: false,
    contentTypes: [],
    passthrough: false,
    required: [],
    response: 'pass-through',
    undetermined: [{ what: 'integration', why }],
  };
}

function deriveCall(
  method: KinesisMethod,
  stageVariables: Readonly<Record<string, string>>,
  binaryMediaTypes: readonly string[],
  budget: Budget,
): { call: Call; weak: Weakness[] } {
  const { integration, verb, path, contentType, template } = method;
  const source: Source = {
    integration,
    method: verb,
    contentType,
    binaryMediaTypes,
    budget,
    declared: method.declared,
    stageVariables,
    template,
    isDemanded: (name) => isDemandedBy(method, name),
  };
  const derived = deriveRequest(source);
  const action = derived.action || actionIn(integration.uri ?? '');
  const { members, unlike } = membersOfCall(derived);
  const sample = derived.base?.sample ?? derived.inputs.sample('1');
  const answers = answersOf(method, action, () => sourcesOf(verb, contentType, sample, binaryMediaTypes));
  const types = Object.keys(integration.requestTemplates ?? {});
  const { passthroughBehavior: behavior } = integration;
  const call: Call = {
    action,
    method: verb,
    ...(method.anyMethod && { anyMethod: true as const }),
    path,
    contentType,
    ...(method.isFurther && { isFurther: true as const }),
    ...members,
    errors: answers.errors,
    statuses: answers.statuses,
    success: answers.success,
    auth: method.auth,
    apiKeyRequired: method.apiKeyRequired,
    ...(method.cors && { cors: method.cors }),
    contentTypes: types,
    passthrough: behavior === 'WHEN_NO_MATCH' || (behavior === 'WHEN_NO_TEMPLATES' && types.length === 0),
    required: method.required,
    ...(method.model
      ? { model: method.model }
      : isDescribed(derived, method.described) && { describesText: true as const }),
    response: answers.response,
    undetermined: [
      ...unnamed(action),
      ...derived.undetermined,
      ...unlike.map((name) => ({
        what: `Records/*/${name.charAt(0).toUpperCase()}${name.slice(1)}`,
        why: UNLIKE,
      })),
      ...answers.undetermined,
      ...unknownVariables(derived),
    ],
  };
  return { call, weak: weaknessesOf(source, derived, call, method, answers) };
}

/** Whether a validator demands an input, so that no client can leave it out. */
function isDemandedBy({ required, model }: KinesisMethod, name: string): boolean {
  const input = inputOf(name);
  return input.from === 'body'
    ? demandsMember(model, input.at)
    : required.some((one) => isDeepStrictEqual(one, input));
}

function isDescribed({ places }: DerivedRequest, described: JsonObject | undefined): boolean {
  const data = [...places].filter(([path]) => isData(path)).map(([, place]) => place);
  return data.length > 0 && data.every((place) => isScalar(place, described));
}

function actionIn(uri: string): string {
  return /:action\/(\w+)/.exec(uri)?.[1] ?? '';
}

type CallMembers = Partial<Record<MemberField, Place>> & Pick<Call, 'records' | 'others' | 'stored' | 'key'>;

/** The members of a call, and the members that differ from record to record. */
function membersOfCall(derived: DerivedRequest): { members: CallMembers; unlike: readonly string[] } {
  const { places, inputs } = derived;
  const unlike: string[] = [];
  const records = recordsOf(places, inputs, (name) => unlike.push(name));
  const fields: Partial<Record<MemberField, Place>> = {};
  const others: Record<string, Place> = {};
  for (const [path, place] of places) {
    if (path.startsWith('Records/')) continue;
    if (Object.hasOwn(MEMBERS, path)) fields[MEMBERS[path as keyof typeof MEMBERS]] = place;
    else if (path === 'StreamARN' && !places.has('StreamName')) {
      const name = nameInArn(place);
      if (name === undefined) others[path] = place;
      else fields.stream = name;
    } else others[path] = place;
  }
  const one = records === undefined ? fields : 'list' in records ? records.element : records.written[0];
  const stored = one?.data && storedAs(one.data);
  const key = one?.partitionKey && keyOf(one.partitionKey);
  const members = {
    ...fields,
    ...(records && { records }),
    ...(Object.keys(others).length > 0 && { others }),
    ...(stored && { stored }),
    ...(key && { key }),
  };
  return { members, unlike };
}

function unnamed(action: string): Undetermined[] {
  if (action !== '') return [];
  const why =
    'its URI contains no action, and nothing maps X-Amz-Target; end the URI in :kinesis:action/PutRecord';
  return [{ what: 'action', why }];
}

/** The stream's name at the end of an ARN. */
function nameInArn(place: Place): Place | undefined {
  if ('fixed' in place) {
    const name = /:stream\/(.+)$/.exec(String(place.fixed))?.[1];
    const absent = typeof place.whenAbsent === 'object' ? nameInArn(place.whenAbsent) : place.whenAbsent;
    if (name === undefined || (absent === undefined && place.given !== undefined)) return undefined;
    return absent === undefined ? { fixed: name } : { ...place, fixed: name, whenAbsent: absent };
  }
  if (!('template' in place)) return undefined;
  const at = place.template.findIndex((part) => typeof part === 'string' && /:stream\//.test(part));
  if (at < 0) return undefined;
  const rest = String(place.template[at]).split(':stream/')[1] ?? '';
  const parts = [...(rest === '' ? [] : [rest]), ...place.template.slice(at + 1)];
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return typeof only === 'string' ? { fixed: only } : only;
  return { template: parts };
}

function unknownVariables({ inputs, places }: DerivedRequest) {
  const read = new Set(
    [...places.values()].flatMap((place) =>
      inputsIn(place).flatMap((input) => (input.from === 'stage-variable' ? [input.name] : [])),
    ),
  );
  return inputs.stageVariables
    .filter((name) => read.has(name))
    .map((name) => ({ what: `$stageVariables.${name}`, why: 'the stage that gives its value is not known' }));
}
