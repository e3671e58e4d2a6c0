import { inputsIn } from '../../infra/definition/interface/members.ts';
import { demandedMembers } from '../../infra/definition/interface/offers.ts';
import { pointerOf, recordsIn } from '../../infra/definition/interface/places.ts';
import { jsonAt, stepsOf } from '../../infra/definition/interface/sample.ts';
import { OTHER } from '../../infra/definition/interface/shape.ts';
import type { Call, Input } from '../../infra/definition/interface/types.ts';
import { isJson, isObject, type Json, type JsonObject } from '../../infra/definition/types.ts';
import { requestOf } from '../client/by-interface.ts';
import { readable } from '../client/gateway-values.ts';
import type { ProxyRequest } from '../client/requests.ts';
import { expect } from '../expect/expect.ts';
import type { ProxyWorld } from '../world.ts';
import { isReadOutOf, kinesisRequest } from './expected-puts.ts';
import type { Attempt } from './offered.ts';
import { subjectsOf } from './production.ts';
import { acceptedRecords, short } from './stored.ts';

/** One member in each object, so that their order is fixed; Java's form has neither quotes nor colons. */
const OBJECT: Json = { outer: { inner: ['one', 'two'] } };
const ONE_RECORD = [{ data: 'some data', partitionKey: 'some key' }];

/** The media type of Kinesis, one of text, and one that no API has a template for. */
const MEDIA_TYPES = ['application/x-amz-json-1.1', 'text/plain', 'application/x-unknown'];

/** Sends Kinesis's own request in each media type without a template, to bypass the templates. */
export async function callsWithoutTemplate(world: ProxyWorld, action: string): Promise<void> {
  const intent = await subjectsOf(world, action);
  for (const call of world.offered.calls(action))
    for (const mediaType of MEDIA_TYPES.filter((type) => !call.contentTypes.includes(type)))
      await world.offered.make(call, intent, (request, told) => ({
        ...request,
        headers: { ...request.headers, 'Content-Type': mediaType },
        body: kinesisRequest(action, told, intent),
      }));
}

/**
 * Puts an object where the call takes data: one record per call. Data that is stored whole is an object anyway, and a
 * model may allow no other.
 */
export async function putsObjects(world: ProxyWorld, action: string): Promise<void> {
  for (const call of world.offered.calls(action)) {
    const intent = { ...(await subjectsOf(world, action)), records: ONE_RECORD };
    for (const at of placesOfData(call)) {
      await world.offered.make(call, intent, (request) => withMember(request, at, OBJECT));
      if (objectIn(requestOf(call, intent), at)) await world.offered.make(call, intent);
    }
  }
}

/** The object at a pointer into a body, if it is stored whole. */
function objectIn({ body = 'null' }: ProxyRequest, at: string): JsonObject | undefined {
  if (at !== '' && !at.endsWith('/0')) return undefined;
  const found = jsonAt(jsonIn(body), at);
  return isObject(found) ? found : undefined;
}

/** The pointer to the first record's data in a body; for data that is stored whole, to a member. */
function placesOfData(call: Call): string[] {
  const found = recordsIn(call)
    .flatMap(({ data }) => (data === undefined ? [] : inputsIn(data)))
    .filter(({ from }) => from === 'raw-body' || from === 'body' || from === 'element')
    .map((input) => pointerIn(call, input));
  const named = found.filter((at) => !at.endsWith(`/${OTHER}`));
  return [...new Set(named.length > 0 ? named : [''])].slice(0, 1);
}

function pointerIn(call: Call, input: Input): string {
  const at = pointerOf(call, input) ?? '';
  return input.from === 'element' ? at.replace('/*', '/0') : at;
}

/** Asserts that accepted objects are stored as JSON, from which a reader can restore them. */
export async function objectsCanBeRead(world: ProxyWorld): Promise<void> {
  const texts = new Set(world.offered.attempts.filter(({ answer }) => answer.succeeded).map(textOfObject));
  const stored = await acceptedRecords(world);
  for (const record of stored) {
    const isRead = isReadOutOf(record, (text) => text.replaceAll(/\s/g, ''));
    if (![...texts].some((text) => isRead(text)))
      expect.fail(
        `expected ${[...texts].join(' or ')} to be readable in what is stored, which is ${JSON.stringify(short(readable(record)))}`,
      );
  }
}

/** The JSON of a member that an attempt put: of the object instead of data, or of the whole body. */
function textOfObject({ call, request }: Attempt): string {
  const own = JSON.stringify(OBJECT).slice(1, -1);
  if (request.body?.includes(own)) return own;
  const [at = ''] = placesOfData(call);
  const [first = ['', '']] = Object.entries(objectIn(request, at) ?? {});
  return JSON.stringify(Object.fromEntries([first])).slice(1, -1);
}

/** Puts a record once for each required member, leaving that member out. */
export async function leavesOutMembers(world: ProxyWorld, action: string): Promise<void> {
  for (const call of world.offered.calls(action)) {
    const intent = { ...(await subjectsOf(world, action)), records: ONE_RECORD };
    for (const input of demandedMembers(call))
      await world.offered.make(call, intent, (request) =>
        withMember(request, pointerIn(call, input), undefined),
      );
  }
}

/** A body in another language than JSON, as of a template for text/plain, has no members. */
function jsonIn(body: string): Json {
  return isJson(body) ? (JSON.parse(body) as Json) : null;
}

/** @param value undefined leaves the member out. */
function withMember(request: ProxyRequest, at: string, value: Json | undefined): ProxyRequest {
  const body = jsonIn(request.body ?? 'null');
  return { ...request, body: JSON.stringify(changed(body, stepsOf(at), value) ?? {}) };
}

function changed(value: Json, [step, ...rest]: readonly string[], to: Json | undefined): Json | undefined {
  if (step === undefined) return wholeWith(value, to);
  const copy = structuredClone(value) as JsonObject;
  const inner = changed(copy[step] ?? {}, rest, to);
  if (inner === undefined) delete copy[step];
  else copy[step] = inner;
  return copy;
}

/** Data that is stored whole keeps the members that other values are read from. */
function wholeWith(value: Json, to: Json | undefined): Json | undefined {
  if (to === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return to;
  return { ...value, ...(to as JsonObject) };
}

/** The request with a body that ends too early. */
export function withHalfItsBody(request: ProxyRequest): ProxyRequest {
  return { ...request, body: (request.body ?? '{}').slice(0, -1) };
}
