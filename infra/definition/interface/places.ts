import { isObject, type Json, type JsonObject } from '../types.ts';
import { describeInput } from './describe.ts';
import { inputsIn } from './members.ts';
import { schemaAt } from './texts.ts';
import type { Call, Input, Place, RecordPlaces } from './types.ts';

/** Whether the client sends the input. */
export function isInput(input: Input): boolean {
  if (input.from === 'header') return !isGatewaysHeader(input.name);
  return input.from !== 'context' && input.from !== 'stage-variable';
}

/**
 * Whether the gateway sets the header in the request that a template sees, whatever the client sends
 * (docs/facts/gateway.md#parameters).
 */
export function isGatewaysHeader(name: string): boolean {
  return /^(?:x-amzn-trace-id|x-forwarded-(?:for|port|proto)|host)$/i.test(name);
}

/** The places of a put's records, whether one or many. */
export function recordsIn(call: Call): readonly RecordPlaces[] {
  const { data, partitionKey } = call;
  if (call.records === undefined)
    return data === undefined ? [] : [{ data, ...(partitionKey && { partitionKey }) }];
  return 'written' in call.records ? call.records.written : [call.records.element];
}

/** Whether the client gives no data but by the key's inputs, so that a record cannot have one without the other. */
export function isDataOfKey({ data, partitionKey }: Pick<RecordPlaces, 'data' | 'partitionKey'>): boolean {
  const inputs = data === undefined ? [] : inputsIn(data).filter(isInput);
  const ofKey = partitionKey === undefined ? [] : inputsIn(partitionKey).map(describeInput);
  return inputs.length > 0 && inputs.every((input) => ofKey.includes(describeInput(input)));
}

/** The places of all of a call's members. */
export function placesIn(call: Call): Place[] {
  const own = Object.values(call).filter(
    (value): value is Place =>
      typeof value === 'object' &&
      value !== null &&
      ('from' in value || 'template' in value || 'fixed' in value),
  );
  const list = call.records && 'list' in call.records ? [call.records.list] : [];
  const records = recordsIn(call).flatMap((record) =>
    Object.values(record).filter((place) => place !== undefined),
  );
  return [...own, ...list, ...records, ...Object.values(call.others ?? {})] as Place[];
}

/** The pointer to the list of a batch's records; empty where the list is the body itself, or there is none. */
export function listPointer({ records }: Pick<Call, 'records'>): string {
  return records !== undefined && 'list' in records && 'at' in records.list ? records.list.at : '';
}

/** The place of an input in the body; undefined for one that is not there. */
export function pointerOf(call: Call, input: Input): string | undefined {
  if (input.from === 'raw-body') return '';
  if (input.from === 'body') return input.at;
  if (input.from !== 'element') return undefined;
  return `${listPointer(call)}/*${input.at}`;
}

/** The member for a text in a body, or an element, that is stored whole and whose model says nothing of it. */
const PAYLOAD = 'payload';

/**
 * The name of a member that can hold a client's text in an object that is stored whole: one that the call's model does
 * not exclude, and no template reads.
 * @param at a pointer to the object, with `*` for each element of a list.
 * @returns undefined where the model leaves no room for a text.
 */
export function memberForText(call: Call, at: string): string | undefined {
  const schema = schemaAt(call.model, at);
  if (!isObject(schema)) return PAYLOAD;
  const { properties, additionalProperties: others } = schema;
  const members = isObject(properties) ? properties : {};
  if (others !== false && (!isObject(others) || isOpen(others)) && !(PAYLOAD in members)) return PAYLOAD;
  const read = new Set(
    placesIn(call)
      .flatMap(inputsIn)
      .map((input) => pointerOf(call, input)),
  );
  const free = Object.entries(members).filter(
    ([name, member]) => isObject(member) && isOpen(member) && !read.has(`${at}/${name}`),
  );
  const limits = ([, member]: (typeof free)[number]) =>
    isObject(member) ? Number('pattern' in member) + Number('maxLength' in member) : 0;
  return free.toSorted((one, other) => limits(one) - limits(other))[0]?.[0];
}

/**
 * Where a client's text goes for what a template reads at a pointer: into a member of an object, else to the pointer.
 * @returns undefined where the call's model leaves no room for a text.
 */
export function pointerForText(call: Call, at: string): string | undefined {
  if (holdsMembers(schemaAt(call.model, at), at)) {
    const member = memberForText(call, at);
    return member === undefined ? undefined : `${at}/${member}`;
  }
  const schema = schemaAt(call.model, at);
  return isObject(schema) && !isOpen(schema) ? undefined : at;
}

/** Whether what is at a pointer is an object: where no model says so, what is read whole is one. */
function holdsMembers(schema: Json | undefined, at: string): boolean {
  const { type, properties }: JsonObject = isObject(schema) ? schema : {};
  if (type === 'object' || isObject(properties) || at === '') return true;
  return type === undefined && at.endsWith('/*');
}

/** Whether a schema may accept any text, of some form. */
function isOpen({ type, enum: values }: JsonObject): boolean {
  return (type === undefined || [type].flat().includes('string')) && values === undefined;
}
