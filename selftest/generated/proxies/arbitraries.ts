import fc from 'fast-check';
import { errors } from './errors.ts';
import {
  ACTIONS,
  type Action,
  type AnswerShape,
  type CallShape,
  type ClientValue,
  type DataShape,
  isClients,
  needsModel,
  type ProxyShape,
  type RecordShape,
  type Value,
} from './proxy.ts';

const small = fc.nat(5);
const WORDS = ['events', 'clicks', 'v', 'in.log', 'Ingest', 'my-stream', 'x_y', 'put', 'orders'];
const NAMES = ['message', 'payload', 'Data', 'user_id', 'topic', 'k', 'Value', 'item', 'ref'];
const PARAMETERS = ['stream', 'name', 'partition-key', 'Id', 'x_id', 'topic'];
const HEADERS = ['X-Stream', 'x-key', 'Shard-Iterator', 'X-Event-Id'];

type From = ClientValue['from'];
const printing = fc.constantFrom<ClientValue['print']>('inline', 'escaped-before', 'read-before', 'json');

/** A text of the client's, at one of these places; the caller's letter makes its names unique. */
function text(letter: string, places: readonly From[]): fc.Arbitrary<ClientValue> {
  return fc
    .record({
      from: fc.constantFrom(...places),
      name: small,
      parent: fc.option(fc.constantFrom('in', 'meta'), { nil: undefined, freq: 3 }),
      reading: small,
      print: printing,
      prefix: fc.option(fc.constantFrom('user-', 'a:'), { nil: undefined, freq: 2 }),
    })
    .map(({ from, name, parent, reading, print, prefix }) => {
      const isBody = from === 'body' || from === 'element';
      const names = isBody ? NAMES : from === 'header' ? HEADERS : PARAMETERS;
      const own = `${names[name % names.length]}${letter}`;
      return {
        from,
        at: isBody && parent !== undefined ? [parent, own] : [own],
        reading,
        print: print === 'json' && !isBody ? 'inline' : print,
        escape: 'json',
        // Only keys have a default, which the caller keeps.
        ...(prefix !== undefined && { prefix }),
      };
    });
}

const bare = ({ prefix: _, ...value }: ClientValue): ClientValue => value;
const OUTSIDE: readonly From[] = ['query', 'path', 'header'];

function streamOf(isDeclared: boolean, canHaveBody: boolean): fc.Arbitrary<Value> {
  if (isDeclared) return fc.constant({ declared: true });
  return text('S', canHaveBody ? [...OUTSIDE, 'body'] : OUTSIDE).map(bare);
}

/** The data of a record; in a batch, of each element. */
function keyOf(isBatch: boolean): fc.Arbitrary<Value> {
  const made = isBatch ? '${context.requestId}-$foreach.index' : '$context.requestId';
  const own = text('K', isBatch ? ['element'] : ['body', 'query', 'header', 'path']).map(
    // Text next to a value's JSON would not be valid JSON.
    (value): ClientValue => (value.print === 'json' ? bare(value) : value),
  );
  return fc.oneof(
    { weight: 4, arbitrary: own },
    { weight: 2, arbitrary: fc.constant<Value>({ given: made }) },
    {
      weight: 1,
      arbitrary: own.map((value): Value => {
        if (value.from === 'path') return value;
        return { ...bare(value), print: 'inline', otherwise: made };
      }),
    },
  );
}

type What = 'member' | 'whole' | 'raw' | 'element';

function dataOf(isBatch: boolean): fc.Arbitrary<DataShape> {
  return fc
    .record({
      what: isBatch
        ? fc.constantFrom<What>('member', 'member', 'member', 'whole', 'element')
        : fc.constantFrom<What>('member', 'member', 'whole', 'raw'),
      as: fc.constantFrom<DataShape['as']>('text', 'json', 'base64'),
      name: small,
      parent: fc.boolean(),
      reading: small,
      suffix: fc.constantFrom('', '', '', '\n', '|'),
    })
    .map(({ what, as, name, parent, reading, suffix }): DataShape => {
      const common = { reading, escape: 'json' as const };
      if (what === 'raw') return { ...common, from: 'raw', at: [], as: 'text', suffix };
      if (what === 'whole') return { ...common, from: 'value', at: [], as: 'json', suffix };
      const own = `${NAMES[name % NAMES.length]}D`;
      // A list of texts, or of the JSON of objects.
      if (what === 'element' && as !== 'json')
        return { ...common, from: 'value', at: [], as, suffix: as === 'base64' ? '' : suffix };
      return {
        ...common,
        from: 'value',
        at: parent ? ['in', own] : [own],
        as,
        suffix: as === 'base64' ? '' : suffix,
      };
    });
}

const list = fc.constantFrom<readonly string[]>(['records'], [], ['batch', 'items'], ['Entries']);

function membersOf(action: Action, isDeclared: boolean): fc.Arbitrary<Readonly<Record<string, Value>>> {
  const stream = (canHaveBody: boolean) => streamOf(isDeclared, canHaveBody);
  const optional = (value: ClientValue): Value => ({ ...bare(value), print: 'inline', otherwise: 'omitted' });
  switch (action) {
    case 'PutRecord':
      return fc.record({ StreamName: stream(true) });
    case 'PutRecords':
      return fc.record({ StreamName: stream(false) });
    case 'DescribeStream':
      return fc.record({ StreamName: stream(true) });
    case 'DeleteStream':
      return fc.record({ StreamName: streamOf(false, true) });
    case 'CreateStream':
      return fc.record({ StreamName: streamOf(false, true), ShardCount: count });
    case 'GetShardIterator':
      return fc.record({
        StreamName: stream(true),
        ShardId: text('H', [...OUTSIDE, 'body']).map(bare),
        ShardIteratorType: fc.oneof(
          fc.constant<Value>({ fixed: 'TRIM_HORIZON', isText: true }),
          text('T', ['query', 'header', 'body']).map(
            (value): Value => ({ ...bare(value), print: 'inline', otherwise: 'TRIM_HORIZON' }),
          ),
        ),
      });
    case 'GetRecords':
      return fc.record({ ShardIterator: text('I', ['query', 'header', 'body']).map(bare) });
    case 'ListStreams':
      return fc
        .record({
          by: fc.constantFrom('ExclusiveStartStreamName', 'NextToken'),
          value: text('P', ['query', 'header', 'body']).map(optional),
          limit: fc.boolean(),
        })
        .map(({ by, value, limit }) => ({
          [by]: value,
          ...(limit && { Limit: { fixed: '60', isText: false } }),
        }));
  }
}

const count: fc.Arbitrary<Value> = fc.oneof(
  fc.constant<Value>({ fixed: '2', isText: false }),
  text('N', ['body']).map((value): Value => ({ ...bare(value), print: 'json', isNumber: true })),
  text('N', ['query', 'body', 'header']).map(
    (value): Value => ({ ...bare(value), print: 'inline', isNumber: true, otherwise: '3' }),
  ),
);

const answer: fc.Arbitrary<AnswerShape> = fc.record({
  isPassed: fc.boolean(),
  names: fc.shuffledSubarray(['ok', 'cursor', 'items', 'next', 'state', 'Result', 'd_1'], {
    minLength: 4,
    maxLength: 4,
  }),
  style: fc.nat(5),
  partly: fc.constantFrom(207, 206, 202, 503),
});

function call(action: Action, number: number, hasDeclared: boolean): fc.Arbitrary<CallShape> {
  const isBatch = action === 'PutRecords';
  const isPut = isBatch || action === 'PutRecord';
  return fc
    .record({
      members: membersOf(action, hasDeclared),
      record: isPut ? fc.record({ data: dataOf(isBatch), key: keyOf(isBatch) }) : fc.constant(undefined),
      list,
      isText: fc.integer({ min: 0, max: 5 }).map((one) => one === 5),
      verb: fc.constantFrom('post', 'put', 'get', 'delete', 'patch'),
      word: fc.constantFrom(...WORDS),
      isValidated: fc.boolean(),
      extra: fc.option(fc.constantFrom('version', 'kind_no'), { nil: undefined, freq: 2 }),
      passthrough: fc.constantFrom('never', 'when_no_templates'),
      success: fc.constantFrom(200, 201, 202),
      answer,
      spacing: small,
    })
    .map(({ list: at, isText, ...raw }): CallShape => {
      const members = raw.members;
      const record = fitting(raw.record as RecordShape | undefined, isBatch);
      const hasBody =
        record !== undefined ||
        Object.values(members).some((value) => isClients(value) && value.from === 'body');
      // The whole body as text does not need JSON's media type.
      const isPlain =
        isText && record?.data.from === 'raw' && !isFromBody(record.key) && !isFromBody(members.StreamName);
      const isValidated = !isPlain && (raw.isValidated || needsModel({ members, ...(record && { record }) }));
      return {
        action,
        verb: hasBody ? (['post', 'put', 'patch'].includes(raw.verb) ? raw.verb : 'post') : raw.verb,
        word: `${raw.word}${number}`,
        contentType: isPlain ? 'text/plain' : 'application/json',
        members,
        ...(record && { record }),
        ...(isBatch && { list: at }),
        isValidated,
        extra: isBatch && at.length === 0 ? undefined : raw.extra,
        passthrough: raw.passthrough,
        success: raw.success,
        answer: raw.answer.partly === raw.success ? { ...raw.answer, partly: 207 } : raw.answer,
        spacing: raw.spacing,
      };
    });
}

/** A text has no member to use as the key. */
function fitting(record: RecordShape | undefined, isBatch: boolean): RecordShape | undefined {
  if (!isBatch || record === undefined || record.data.at.length > 0 || record.data.as === 'json')
    return record;
  return { ...record, key: { given: '${context.requestId}-$foreach.index' } };
}

function isFromBody(value: Value | undefined): boolean {
  return isClients(value) && value.from === 'body';
}

const actions: fc.Arbitrary<readonly Action[]> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom<readonly Action[]>(['PutRecord'], ['PutRecords'], ['PutRecord', 'PutRecords']),
  },
  { weight: 4, arbitrary: fc.shuffledSubarray([...ACTIONS], { minLength: 1, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.shuffledSubarray([...ACTIONS], { minLength: 5 }) },
  { weight: 1, arbitrary: fc.constant<readonly Action[]>(['PutRecord', 'PutRecord']) },
);

/** Any well-behaved proxy: every clause of level production that applies to it holds. */
export const wellBehaved: fc.Arbitrary<ProxyShape> = fc
  .record({
    base: fc.constantFrom('', '/v1', '/api/Stage.2'),
    offered: fc
      .tuple(actions, fc.integer({ min: 0, max: 2 }))
      .chain(([own, declared]) =>
        fc.tuple(
          ...own.map((action, number) =>
            call(action, number, declared === 2 || (declared === 1 && number === 0)),
          ),
        ),
      ),
    writers: fc.constantFrom<ProxyShape['writers']>('iam', 'api-key'),
    readers: fc.constantFrom<ProxyShape['readers']>('none', 'iam', 'api-key'),
    origin: fc.option(fc.constantFrom('https://page.example', '*'), { nil: undefined, freq: 2 }),
    errors,
    hasTwoRoles: fc.boolean(),
    mayLog: fc.boolean(),
    isSplit: fc.boolean(),
    namesStream: fc.boolean(),
  })
  .map(({ offered, ...rest }) => ({ ...rest, calls: offered }));
