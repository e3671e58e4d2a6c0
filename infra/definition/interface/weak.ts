import type { JsonObject } from '../types.ts';
import { readsInput } from './absence.ts';
import type { Answers } from './answers.ts';
import type { Source } from './base.ts';
import { nameOfCall } from './describe.ts';
import { evaluate } from './evaluate.ts';
import { numberOf } from './inputs.ts';
import { storedText } from './match.ts';
import { fixedValues, inputsIn, isData, type MemberPath, membersIn, textOfMember } from './members.ts';
import type { KinesisMethod } from './methods.ts';
import { beginsAtEnd, isClients } from './offers.ts';
import { isGatewaysHeader, recordsIn } from './places.ts';
import { isBroken, punctuationOf, type Rendered, renderRequest } from './rendering.ts';
import type { DerivedRequest } from './request.ts';
import { isScalarWhereNotJson, isUnquotedAt, mayHold, notJson } from './texts.ts';
import { type Call, type Place, UNLIKE, type Weakness } from './types.ts';
import { FAILS, TELLS, weakNames } from './weak-names.ts';
import { alternatives, weakResponses } from './weak-responses.ts';

/** Characters to try one by one, so that the message can name them. */
const PROBES: readonly (readonly [what: string, text: string])[] = [
  ['a quote', '"'],
  ['a backslash', '\\'],
  ['a line break', '\n'],
  ['an apostrophe', "'"],
];
/** Texts that add a member to the request: one for values in quotes that are not escaped, one for unquoted values. */
const ADDED = 'KpcAdded';
const SMUGGLED = `x","${ADDED}":"x`;
/** The value of inputs that are printed outside quotes. */
const NUMBER = '7';
const SMUGGLED_UNQUOTED = `1,"${ADDED}":1`;

/** The weakness of a method that anybody may call. */
export const ANONYMOUS = 'anonymous writing';
const WRITING: ReadonlySet<string> = new Set(['PutRecord', 'PutRecords', 'CreateStream', 'DeleteStream']);

/** Lists the weaknesses of a call that its rendering shows. */
export function weaknessesOf(
  source: Source,
  derived: DerivedRequest,
  call: Call,
  method: KinesisMethod,
  answers: Answers,
): Weakness[] {
  const { integration } = method;
  const where = nameOfCall(call);
  const found: Weakness[] = [...unescaped(source, derived, call, where)];
  const add = (what: string, why: string, clauses: readonly string[], member?: string) =>
    found.push({ what, where: member === undefined ? where : `${where}: ${member}`, why, clauses });
  for (const { what, why } of derived.undetermined)
    if (what === 'template')
      add('broken template', `API Gateway answers every call with 500: ${why}`, ['SAFE-5']);
  for (const weakness of weakResponses(call, method, answers)) found.push({ ...weakness, where });
  for (const weakness of weakNames(call, derived, method)) found.push({ ...weakness, where });
  for (const weakness of weakForms(call, derived)) found.push({ ...weakness, where });
  if (call.auth === 'none' && WRITING.has(call.action))
    add(ANONYMOUS, 'the method demands no signature, key or authorizer', ['SAFE-14']);
  if (call.passthrough)
    add('pass-through', 'a body of a media type without a template goes to Kinesis as the client wrote it', [
      'SAFE-12',
    ]);
  if (call.key?.startsWith('fixed') || call.key?.includes(' or fixed'))
    add('fixed key', 'records that share one partition key go to one shard', ['SAFE-8'], 'PartitionKey');
  if (recordsIn(call).some(({ partitionKey }) => partitionKey && countsOnly(partitionKey)))
    add('key of the position', 'batches of one record all go to one shard', ['SAFE-8'], 'PartitionKey');
  if (call.action === 'ListStreams' && !call.exclusiveStartStreamName && !call.nextToken)
    add('list without paging', 'a client cannot ask for more than the first 100 streams', ['SAFE-18']);
  for (const [path, place] of derived.places)
    if (isData(path) && notJson(place)) {
      if (!isScalarWhereNotJson(place, call.model))
        add(
          'text that is not JSON',
          'an object in its place is stored as Java prints it, {a=b}, since no validator demands a text',
          // A run does not send what the API's model excludes.
          call.describesText ? [] : ['SAFE-6'],
          generic(path),
        );
      break;
    }
  const ends = fixedValues(call.iteratorType) ?? [];
  const isTypeKnown = !call.undetermined.some(({ what }) => what === 'ShardIteratorType');
  if (isClients(call.startingSequenceNumber) && beginsAtEnd(call) && isTypeKnown)
    add(
      'starting point that is refused',
      `Kinesis refuses a sequence number with an iterator that is ${alternatives(ends.map(String))}`,
      ends.includes('TRIM_HORIZON') ? ['SAFE-17'] : [],
      'StartingSequenceNumber',
    );
  const types = fixedValues(call.iteratorType);
  if (call.action === 'GetShardIterator' && types?.every((type) => type === 'LATEST'))
    add(
      'iterators at the end only',
      'a consumer that stopped cannot read the records that came meanwhile',
      [],
      'ShardIteratorType',
    );
  if (call.action === 'GetRecords' && call.response !== 'pass-through')
    if (call.response['/NextShardIterator'] === undefined)
      add('no next iterator', 'the answer has no NextShardIterator, so that nobody can read on', ['SAFE-17']);
  const isUnread = integration.requestTemplates !== undefined && integration.contentHandling === undefined;
  if (source.binaryMediaTypes.includes('*/*') && isUnread)
    add('binary bodies', 'every media type counts as binary, and no template reads such a body', []);
  return found;
}

/** The clauses that a put breaks which stores nothing right, or another call that always fails. */
const ALL_FAIL: Readonly<Record<string, readonly string[]>> = { ...TELLS, ...FAILS };
/** What an encoding makes of a client's value, in words. */
const ALTERED: Readonly<Record<string, string>> = {
  'lower-case': 'changed to lower case',
  'upper-case': 'changed to upper case',
  'url-encoded': 'URL-encoded',
  'url-decoded': 'URL-decoded',
};

/** What is wrong with the form of a request: its commas, elements that repeat one, values that the template changes. */
function* weakForms(call: Call, { base, places }: DerivedRequest): Generator<Omit<Weakness, 'where'>> {
  const fails = ALL_FAIL[call.action] ?? [];
  const comma = base && punctuationOf(base.rendered.text);
  if (comma !== undefined)
    yield {
      what: 'commas',
      why: `what the template renders is not JSON, since it ${comma}${call.records ? '; put #if($foreach.hasNext),#end behind each element' : ''}`,
      clauses: fails,
    };
  for (const { what, why } of call.undetermined)
    if (what.startsWith('Records/*/') && why === UNLIKE)
      yield {
        what: 'elements that are not like their place',
        why: `${what.slice('Records/*/'.length)} is not that of its own element; $foreach.index, which begins at 0, is its position in the list`,
        clauses: fails,
      };
  for (const [path, place] of places)
    if (TEXTS.test(path) && 'from' in place && place.unquoted && place.as?.[0] !== 'json')
      yield {
        what: 'text outside quotes',
        why: `${path.split('/').at(-1)} is printed without quotes, and Kinesis takes a text`,
        clauses: fails,
      };
  for (const [path, place] of places) {
    if (/^Records\/[1-9]/.test(path)) continue;
    const as = 'from' in place ? (place.as ?? []).filter((encoding) => encoding in ALTERED) : [];
    const [member = ''] = path.split('/').toReversed();
    const clauses = ALTERS[member]?.(call.action);
    if (as.length > 0 && clauses !== undefined)
      yield {
        what: 'changed value',
        why: `the client's ${member} is ${as.map((encoding) => ALTERED[encoding]).join(', then ')}`,
        clauses,
      };
  }
}

/** The members that Kinesis takes as texts. */
const TEXTS =
  /^(?:Records\/0\/)?(?:Data|PartitionKey|StreamName|ShardId|ShardIterator|ShardIteratorType|NextToken)$/;

/** The clauses that a changed value of a member breaks. */
const ALTERS: Readonly<Record<string, (action: string) => readonly string[]>> = {
  Data: () => ['SAFE-6'],
  PartitionKey: () => ['SAFE-7'],
  StreamName: (action) => (action === 'CreateStream' ? ['SAFE-2', 'SAFE-19'] : []),
};

/** Whether a key has the element's position, and besides it only what is the same in every call. */
function countsOnly(key: Place): boolean {
  const names = inputsIn(key).map((input) => (input.from === 'context' ? input.name : ''));
  const isPosition = (name: string) => /^foreach\.(?:index|count)$/.test(name);
  return names.some(isPosition) && names.every((name) => isPosition(name) || /^(?:stage|apiId)$/.test(name));
}

/** Tries characters that JSON has to escape in each of the client's values. */
function* unescaped(
  source: Source,
  derived: DerivedRequest,
  { model }: Call,
  where: string,
): Generator<Weakness> {
  const { base, places, inputs } = derived;
  // A request that is never JSON shows nothing.
  if (base === undefined || punctuationOf(base.rendered.text) !== undefined) return;
  for (const name of inputs.names) {
    const read = [...places].filter(
      ([, place]) => !('when' in place && place.when) && readsInput(place, name, inputs),
    );
    const first = read.find(([path]) => !isData(path)) ?? read[0];
    const isGateways = name.startsWith('header:') && isGatewaysHeader(name.slice('header:'.length));
    if (base.given.has(name) || first === undefined || isGateways) continue;
    const [path] = first;
    // What a validator refuses reaches no template.
    const isLeft = (text: string) =>
      !name.startsWith('body:') || mayHold(model, name.slice('body:'.length), text);
    const probes = PROBES.filter(([, text]) => isLeft(text));
    if (probes.length === 0) continue;
    const outcome = (text: string) => effect(source, derived, model, name, text, read);
    const member = generic(path);
    if (derived.unquoted.has(name)) {
      const smuggled = isLeft('"') ? outcome(SMUGGLED_UNQUOTED) : undefined;
      if (smuggled?.how === 'adds')
        yield {
          what: 'unescaped value',
          where: `${where}: ${member}`,
          why: 'a value outside of quotes can add members to the request',
          clauses: ['SAFE-10'],
        };
      continue;
    }
    const found = outcome(probes.map(([, text]) => text).join('x'));
    // What no text may be, such as a number to calculate with, is no matter of escaping.
    if (found === undefined || outcome('x')?.how === 'breaks') continue;
    const harmed = found.member ?? path;
    const harmful = probes.filter(([, text]) => outcome(`x${text}x`) !== undefined).map(([what]) => what);
    if (harmful.length === 0) continue;
    // escapeJavaScript leaves that alone.
    const isHalf = harmful.join() === 'an apostrophe';
    const canAdd = isLeft('"') && outcome(SMUGGLED)?.how === 'adds';
    const adds = canAdd ? ', and a value can add members to the request' : '';
    const survives = /PartitionKey$/.test(harmed) ? ['SAFE-7'] : isData(harmed) ? ['SAFE-6'] : [];
    yield {
      what: 'unescaped value',
      where: `${where}: ${generic(harmed)}`,
      why: isHalf
        ? `an apostrophe in it is printed as \\', which JSON does not know; put .replaceAll("\\\\'", "'") behind $util.escapeJavaScript`
        : `${alternatives(harmful)} in it is not escaped${adds}`,
      clauses: canAdd ? [...survives, 'SAFE-10'] : survives,
    };
  }
}

/** What a text in place of an input does to the request, and to which member where only one is altered. */
interface Harm {
  readonly how: 'breaks' | 'adds' | 'alters';
  readonly member?: MemberPath;
}

/** How a text in place of an input harms the request; undefined if it does not. */
function effect(
  source: Source,
  { base, inputs, unquoted }: DerivedRequest,
  model: JsonObject | undefined,
  name: string,
  text: string,
  read: readonly (readonly [MemberPath, Place])[],
): Harm | undefined {
  if (base === undefined) return undefined;
  const isNumber = (other: string) =>
    unquoted.has(other) || (other.startsWith('body:') && isUnquotedAt(model, other.slice('body:'.length)));
  const sampleWith = (added: string) =>
    inputs.sample('1', (other, marker) =>
      other === name
        ? unquoted.has(name)
          ? added
          : marker + added
        : (base.given.get(other) ??
          (base.numbers.has(other) ? numberOf(marker) : isNumber(other) ? NUMBER : marker)),
    );
  const sample = sampleWith(text);
  const rendered = renderRequest(source, sample, true);
  if (isBroken(rendered)) return { how: 'breaks' };
  const before = membersIn(base.rendered.request);
  const after = membersIn(rendered.request);
  if (after.size !== before.size || [...before.keys()].some((key) => !after.has(key))) return { how: 'adds' };
  const altered = read.find(([path, place]) => {
    const value = after.get(path);
    return value !== undefined && textOfMember(path, value) !== evaluate(place, sample);
  });
  // JSON with a marker where the model wants a number is none.
  const healthy = inputs.names.some(isNumber) ? renderRequest(source, sampleWith(''), true) : base.rendered;
  const member = altered?.[0] ?? (isBroken(healthy) ? undefined : brokenData(healthy, rendered));
  return member === undefined ? undefined : { how: 'alters', member };
}

/** The data that was JSON and no longer is, because the template builds it without escaping. */
function brokenData(before: Rendered, after: Rendered): MemberPath | undefined {
  const later = membersIn(after.request);
  return [...membersIn(before.request)].find(
    ([path, value]) =>
      isData(path) && isJson(storedText(value)) && !isJson(storedText(later.get(path) ?? null)),
  )?.[0];
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/** The path of a member with `*` for the record. */
function generic(path: MemberPath): string {
  return path.replace(/^Records\/\d+\//, 'Records/*/');
}
