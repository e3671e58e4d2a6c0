import { selectedResponse } from '../../embedded/apigateway/dataplane/integration-response.ts';
import type { IntegrationResponse } from '../../embedded/apigateway/model.ts';
import { isAction, membersOf } from '../../embedded/kinesis/shapes.ts';
import { isObject, type Json, type JsonObject } from '../types.ts';
import { discover, nothingAsked } from './discover.ts';
import { inputOf } from './inputs.ts';
import { inputsIn } from './members.ts';
import type { KinesisMethod } from './methods.ts';
import { placesIn, pointerOf, recordsIn } from './places.ts';
import { Budget } from './rendering.ts';
import type { DerivedRequest } from './request.ts';
import { pointerTo, stepsOf } from './sample.ts';
import { OTHER, type Shape } from './shape.ts';
import type { Call, Weakness } from './types.ts';

/** The members of Kinesis's answers (docs/facts/kinesis.md#streams, docs/facts/kinesis.md#records). */
const ANSWERED: Readonly<Record<string, string>> = {
  ListStreams: `StreamNames HasMoreStreams NextToken StreamSummaries StreamName StreamARN StreamStatus
    StreamModeDetails StreamMode StreamCreationTimestamp`,
  DescribeStream: `StreamDescription StreamName StreamARN StreamStatus StreamModeDetails StreamMode Shards
    HasMoreShards RetentionPeriodHours StreamCreationTimestamp EnhancedMonitoring ShardLevelMetrics EncryptionType
    KeyId ShardId ParentShardId AdjacentParentShardId HashKeyRange StartingHashKey EndingHashKey SequenceNumberRange
    StartingSequenceNumber EndingSequenceNumber`,
  PutRecord: 'ShardId SequenceNumber EncryptionType',
  PutRecords: 'FailedRecordCount Records ShardId SequenceNumber EncryptionType ErrorCode ErrorMessage',
  GetShardIterator: 'ShardIterator',
  GetRecords: `Records NextShardIterator MillisBehindLatest ChildShards SequenceNumber PartitionKey Data
    ApproximateArrivalTimestamp EncryptionType ShardId ParentShards HashKeyRange StartingHashKey EndingHashKey`,
};
/** The clause that a run finds broken if the answer to an action lacks what it should tell. */
export const TELLS: Readonly<Record<string, readonly string[]>> = {
  ListStreams: ['SAFE-18'],
  DescribeStream: ['SAFE-20'],
  PutRecords: ['SAFE-4'],
  GetShardIterator: ['SAFE-17'],
  GetRecords: ['SAFE-17'],
};

type Found = Omit<Weakness, 'where'>;

/** Lists names that do not meet: inputs that nothing reads, and members that Kinesis neither takes nor gives. */
export function* weakNames(call: Call, derived: DerivedRequest, method: KinesisMethod): Generator<Found> {
  const strange = strangeIn(call, method);
  if (strange.length > 0)
    yield {
      what: 'members that Kinesis does not give',
      why: `the response template reads ${strange.join(', ')}, which Kinesis's answer to ${call.action} does not have`,
      clauses: TELLS[call.action] ?? [],
    };
  const unknown = unknownTo(call, derived);
  if (unknown.length > 0)
    yield {
      what: 'members that Kinesis does not take',
      why: `the request has ${unknown.join(', ')}, which ${call.action} does not take`,
      clauses: FAILS[call.action] ?? TELLS[call.action] ?? [],
    };
  const ofErrors = strangeInErrors(method);
  if (ofErrors.length > 0)
    yield {
      what: "members that Kinesis's errors lack",
      why: `the response template of errors reads ${ofErrors.join(', ')}, and Kinesis's errors have __type and message`,
      clauses: ['SAFE-2', 'SAFE-3'],
    };
  // What a template that cannot be rendered reads is not known.
  const unread = derived.base === undefined ? [] : unreadBy(call, derived, method);
  if (unread.length > 0)
    yield {
      what: 'named and not read',
      why: `the definition names ${unread.join(', ')} for clients, and no template reads ${unread.length === 1 ? 'it' : 'them'}`,
      clauses: [],
    };
}

/** The clauses that a call breaks whose request lacks what it needs. */
export const FAILS: Readonly<Record<string, readonly string[]>> = {
  PutRecord: ['SAFE-5'],
  PutRecords: ['SAFE-5', 'SAFE-9'],
  CreateStream: ['SAFE-19'],
  DeleteStream: ['SAFE-21'],
};

/** The members of the request that the action does not have. */
function unknownTo({ action }: Call, { base }: DerivedRequest): string[] {
  if (base === undefined || !isAction(action)) return [];
  const members = membersOf(action, false);
  const own = Object.keys(base.rendered.request).filter((name) => !(name in members) && name !== OTHER);
  const { Records: records } = base.rendered.request;
  const [first] = Array.isArray(records) ? records : [];
  const inRecords = isObject(first) ? Object.keys(first).filter((name) => !OF_RECORDS.has(name)) : [];
  return [...own, ...inRecords.map((name) => `Records/*/${name}`)];
}

const OF_RECORDS: ReadonlySet<string> = new Set(['Data', 'PartitionKey', 'ExplicitHashKey', OTHER]);

/** The members that the template of refusals reads and no error of Kinesis's has. */
function strangeInErrors({ integration }: KinesisMethod): string[] {
  const responses = Object.values(integration.integrationResponses ?? {});
  const refusal = selectedResponse(responses, 400);
  // A template that errors share with a success has to read what that has.
  if (refusal === undefined || refusal === selectedResponse(responses, 200)) return [];
  const read = readIn(refusal);
  return read.some((path) => path === '/__type') ? [] : read.filter((path) => !/^\/[Mm]essage$/.test(path));
}

/** The members, by the paths that the template of a success reads, that no answer of Kinesis's has. */
function strangeIn({ action }: Call, { integration }: KinesisMethod): string[] {
  const known = ANSWERED[action];
  const success = selectedResponse(Object.values(integration.integrationResponses ?? {}), 200);
  if (known === undefined || success === undefined) return [];
  const names = new Set(known.split(/\s+/));
  return readIn(success).filter((path) => {
    const [last = ''] = stepsOf(path).toReversed();
    return !/^(?:\d+|\*)$/.test(last) && !names.has(last);
  });
}

/** The paths that the template of a response reads. */
function readIn({ responseTemplates = {} }: IntegrationResponse): readonly string[] {
  const [template] = Object.values(responseTemplates);
  return template ? readBy(template) : [];
}

/** The paths that a template reads of its body. The methods of an API often share their response templates. */
function readBy(template: string): readonly string[] {
  const known = pathsByTemplate.get(template);
  if (known !== undefined) return known;
  const asked = nothingAsked();
  discover(template, asked, {}, new Budget());
  const found = [...pathsIn(asked.root)];
  if (pathsByTemplate.size >= MAX_REMEMBERED) pathsByTemplate.clear();
  pathsByTemplate.set(template, found);
  return found;
}

const MAX_REMEMBERED = 100;
const pathsByTemplate = new Map<string, readonly string[]>();

function* pathsIn(shape: Shape, pointer = ''): Generator<string> {
  if (shape.kind === 'list') yield* pathsIn(shape.item, `${pointer}/*`);
  for (const [name, member] of shape.members) {
    const path = pointerTo(pointer, name);
    yield path;
    yield* pathsIn(member, path);
  }
}

/** What a client may send by the method's parameters and model, if nothing in the request to Kinesis reads it. */
function unreadBy(call: Call, derived: DerivedRequest, method: KinesisMethod): string[] {
  const { integration } = method;
  const texts = [
    ...Object.values(integration.requestTemplates ?? {}),
    ...Object.values(integration.requestParameters ?? {}),
  ].join('\n');
  const names = new Set(derived.inputs.names);
  // A loop over a map of parameters reads each.
  const isLoop = /(?:(?:key|entry)Set|values)\(/.test(texts);
  const parameters = call.required.flatMap((input) => {
    if (!('name' in input) || isLoop || names.has(`${input.from}:${input.name}`)) return [];
    const name = `${input.from}:${input.name}`.toLowerCase();
    const other = [...names].find((one) => one.toLowerCase() === name)?.split(/:(.*)/s)[1];
    return [`${input.from} ${input.name}${other === undefined ? '' : ` (it reads ${other})`}`];
  });
  const queries = [...method.declared.query].filter(
    (name) =>
      !isLoop &&
      !names.has(`query:${name}`) &&
      !call.required.some((input) => input.from === 'query' && input.name === name),
  );
  const isReadOfPath = (name: string) =>
    isLoop || derived.inputs.read.has(`path:${name}`) || mentions(texts, name);
  // GetRecords needs no stream: its iterator has it.
  const path =
    call.action === 'GetRecords'
      ? []
      : [...call.path.matchAll(/\{([^}+]+)\+?\}/g)].flatMap(([all, name]) =>
          isReadOfPath(name ?? '') ? [] : [all],
        );
  // A list is read for its elements.
  const { records: _, ...rest } = call;
  const read = [...placesIn(rest), ...recordsIn(call).flatMap((places) => Object.values(places))]
    .flatMap(inputsIn)
    // A template that prints a member that it does not know prints the whole object.
    .map((input) => pointerOf(call, input)?.replace(new RegExp(`/${OTHER}$`), ''));
  const named = derived.inputs.names.flatMap((name) => {
    const input = inputOf(name);
    return input.from === 'body' ? [input.at] : [];
  });
  const isRead = (pointer: string) =>
    read.some((at) => at !== undefined && (pointer === at || pointer.startsWith(`${at}/`))) ||
    named.some((at) => at === pointer || at.startsWith(`${pointer}/`) || pointer.startsWith(`${at}/`));
  const members = [...leavesOf(call.model)].filter((pointer) => !isRead(pointer));
  return [
    ...path,
    ...parameters,
    ...queries.map((name) => `query ${name}`),
    ...members.map((pointer) => `body ${pointer}`),
  ];
}

/** Whether a text names a parameter; a condition may keep a rendering from reading it. */
function mentions(text: string, name: string): boolean {
  const escaped = name.replaceAll(/[^\w]/g, '\\$&');
  return new RegExp(`(?:['"]|path\\.)${escaped}(?![\\w-])`).test(text);
}

/** The leaves that a model names, with `*` for each element of a list. */
function* leavesOf(schema: Json | undefined, pointer = ''): Generator<string> {
  if (!isObject(schema)) return;
  if (isObject(schema.items)) {
    yield* leavesOf(schema.items, `${pointer}/*`);
    return;
  }
  const { required, properties } = schema;
  const members: JsonObject = isObject(properties) ? properties : {};
  for (const name of new Set([...Object.keys(members), ...(Array.isArray(required) ? required : [])])) {
    const path = pointerTo(pointer, String(name));
    const deeper = [...leavesOf(members[String(name)], path)];
    if (deeper.length > 0) yield* deeper;
    else yield path;
  }
}
