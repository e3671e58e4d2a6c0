import { describeInput } from '../../infra/definition/interface/describe.ts';
import { encode } from '../../infra/definition/interface/evaluate.ts';
import { inputsIn } from '../../infra/definition/interface/members.ts';
import { isClients } from '../../infra/definition/interface/offers.ts';
import { pointerForText, pointerOf, recordsIn } from '../../infra/definition/interface/places.ts';
import { acceptsText, schemaAt } from '../../infra/definition/interface/texts.ts';
import type { Call, MemberField, Place } from '../../infra/definition/interface/types.ts';
import { isObject } from '../../infra/definition/types.ts';
import { fittingIn } from './fitting.ts';
import { maySend } from './may-send.ts';

/** The value of an input that cannot transmit the intended text, if another input can. */
export const FILLING = 'some data';
/** The same where characters are few. */
const SHORT_FILLING = 'x';
/** Characters of a partition key (docs/facts/kinesis.md#shapes). */
const MAX_KEY = 256;
/** Characters beside a text in one record: a long text is in it once, since Kinesis bounds records and batches. */
const MAX_BESIDE = 4_096;
/** Characters of a value that the gateway makes, such as a request id. */
const OF_GATEWAY = 40;

type Template = Extract<Place, { template: readonly (string | Place)[] }>;
/** What a client gives to each part of a template. */
export type Filling = ReadonlyMap<Place, string>;

/**
 * The ways in which a client gives a text to the parts of a template: one, or several where the member has no room for
 * the text in all parts at once. A key of six members, each of 47 characters, is longer than Kinesis allows.
 */
export function fillingsOf(
  call: Call,
  { template }: Template,
  field: MemberField | undefined,
  value: string,
): Filling[] {
  const parts = template.filter((part) => typeof part !== 'string');
  const able = parts.filter((part) => maySend(part, value) && takesText(call, part, value));
  const own = field === 'data' ? able.filter((part) => !isOfKey(call, part)) : able;
  const carriers = [own, able, parts].find(({ length }) => length > 0) ?? [];
  const filled = (group: readonly Place[], filling: string): Filling =>
    new Map(
      parts.flatMap((part) => {
        const isCarrier = group.includes(part);
        const text = fittingIn(call, part, isCarrier ? value : filling);
        return isCarrier || takesText(call, part, text) ? [[part, text]] : [];
      }),
    );
  const room = roomFor(field, value);
  const isTooLong = (filling: Filling) => lengthOf(template, filling) > room;
  const all = filled(carriers, FILLING);
  if (!isTooLong(all)) return [all];
  const groups: Place[][] = [];
  for (const part of carriers.filter(isClients)) {
    const last = groups.at(-1);
    if (last === undefined || isTooLong(filled([...last, part], SHORT_FILLING))) groups.push([part]);
    else last.push(part);
  }
  return groups.length === 0 ? [all] : groups.map((group) => filled(group, SHORT_FILLING));
}

/** In how many ways a client gives a record's data and key to the parts of templates. */
export function waysToGive(
  call: Call,
  places: { readonly data?: Place; readonly partitionKey?: Place },
  record: { readonly data: string; readonly partitionKey: string },
): number {
  const ways = (['data', 'partitionKey'] as const).map((field) => {
    const place = places[field];
    return place !== undefined && 'template' in place
      ? fillingsOf(call, place, field, record[field]).length
      : 1;
  });
  return Math.max(...ways);
}

/** Whether the key reads the same input: it is given after the data, and replaces what that has there. */
function isOfKey(call: Call, part: Place): boolean {
  const read = recordsIn(call).flatMap(({ partitionKey }) => (partitionKey ? inputsIn(partitionKey) : []));
  const ofKey = new Set(read.map(describeInput));
  return inputsIn(part).some((input) => ofKey.has(describeInput(input)));
}

/** Whether the call's model accepts a text in a place, or in a member of what is there. */
export function takesText(call: Call, place: Place, text: string): boolean {
  const at = 'from' in place ? pointerOf(call, place) : undefined;
  if (at === undefined) return true;
  const pointer = pointerForText(call, at);
  if (pointer === undefined) return false;
  const schema = schemaAt(call.model, pointer);
  return !isObject(schema) || acceptsText(schema, text);
}

/** The characters for a text and its copies. Names of streams have no limit here: a run makes none of several parts. */
function roomFor(field: MemberField | undefined, value: string): number {
  if (field === 'partitionKey') return MAX_KEY;
  return field === 'data' ? value.length + MAX_BESIDE : Number.POSITIVE_INFINITY;
}

/** The characters that a template makes of what its parts are given. */
function lengthOf(template: Template['template'], filling: Filling): number {
  return template.reduce((length, part) => {
    if (typeof part === 'string') return length + part.length;
    if (!isClients(part)) return length + OF_GATEWAY;
    const text = filling.get(part) ?? '';
    const encodings = 'from' in part ? (part.as ?? []) : [];
    return length + encodings.reduce((made, encoding) => encode(encoding, made), text).length;
  }, 0);
}
