import { asked, behindGateway, inStored, type Json, PUTS, success } from '../../changes/kinesis.ts';
import { type Defect, OF_PUTS, onOne, type ProxyWithDefect } from './defect.ts';
import { inData, inKey, inRecord } from './defects-of-injection.ts';
import { type CallShape, isClients, isPut, type ProxyShape, type Value } from './proxy.ts';

const SEQUENCE = '49543463076570308322303623326179887152428262250726293586';

const hasPuts = ({ calls }: ProxyShape) => calls.some(isPut);
const isBatch = ({ action }: CallShape) => action === 'PutRecords';
/** Changes Kinesis behind a proxy that puts records. */
const behind =
  (isFit: (proxy: ProxyShape) => boolean, middleware: ProxyWithDefect['middleware']) =>
  (proxy: ProxyShape): ProxyWithDefect | undefined =>
    isFit(proxy) && middleware ? { middleware } : undefined;
const told = ({ Records }: Json) => {
  const one = { SequenceNumber: SEQUENCE, ShardId: 'shardId-000000000000' };
  return success(Records === undefined ? one : { FailedRecordCount: 0, Records: Records.map(() => one) });
};
const hasBatches = ({ calls }: ProxyShape) => calls.some(isBatch);

const keyed = (key: (call: CallShape) => Value) =>
  inRecord(
    () => true,
    (record, call) => ({ ...record, key: key(call) }),
  );
/** The stored data and its key. */
export const VALUES: readonly Defect[] = [
  {
    name: 'comma-dropped',
    why: 'There is no comma between the records.',
    clauses: ['SAFE-5'],
    // No interface can be derived from a template that is never JSON, so its calls are not valid.
    follows: [...OF_PUTS, 'SAFE-2', 'SAFE-3'],
    of: (proxy, pick) => onOne(proxy, pick, isBatch, (call) => ({ ...call, comma: '' })),
  },
  {
    name: 'comma-always',
    why: 'There is a comma after the last record.',
    clauses: ['SAFE-5'],
    // No interface can be derived from a template that is never JSON, so its calls are not valid.
    follows: [...OF_PUTS, 'SAFE-2', 'SAFE-3'],
    of: (proxy, pick) => onOne(proxy, pick, isBatch, (call) => ({ ...call, comma: ',' })),
  },
  {
    name: 'stored-twice',
    why: 'A put is repeated behind the proxy.',
    clauses: ['SAFE-5'],
    follows: [...OF_PUTS, 'SAFE-14'],
    of: behind(
      hasPuts,
      behindGateway(PUTS, () => async ({ pass }) => {
        await pass();
        return pass();
      }).middleware,
    ),
  },
  {
    name: 'told-as-stored',
    why: 'Puts are acknowledged before they are made, and lost.',
    clauses: ['SAFE-5'],
    follows: [...OF_PUTS, 'SAFE-1', 'SAFE-2', 'SAFE-3', 'SAFE-13', 'SAFE-14', 'SAFE-17'],
    of: behind(
      hasPuts,
      behindGateway(
        PUTS,
        () =>
          async ({ input }) =>
            told(input),
      ).middleware,
    ),
  },
  {
    name: 'refused-and-stored',
    why: 'When one role is denied, another role repeats the call.',
    clauses: ['SAFE-5'],
    follows: [...OF_PUTS, 'SAFE-2', 'SAFE-13'],
    of: behind(
      hasPuts,
      behindGateway(PUTS, () => async ({ input, pass, also }, action) => {
        const answer = await pass();
        if (answer.status !== 200) await also(action, input);
        return answer;
      }).middleware,
    ),
  },
  {
    name: 'data-lower-cased',
    why: 'Texts are normalised.',
    clauses: ['SAFE-6'],
    follows: OF_PUTS,
    of: inData('.toLowerCase()'),
  },
  {
    name: 'data-without-apostrophes',
    why: 'Characters that caused errors elsewhere are dropped.',
    clauses: ['SAFE-6'],
    // The stored data may be the whole element, including its key.
    follows: ['SAFE-7'],
    of: inData(`.replaceAll("'", "")`),
  },
  {
    name: 'data-of-ascii',
    why: 'Non-ASCII characters become question marks.',
    clauses: ['SAFE-6'],
    // The stored data may be the whole element, including its key.
    follows: ['SAFE-7'],
    of: inData(`.replaceAll("[^ -~]", "?")`, ({ as, from }) => as === 'text' && from === 'value'),
  },
  {
    name: 'objects-as-java-prints-them',
    why: 'The template reads a text, but the model accepts an object.',
    clauses: ['SAFE-6'],
    // The model of a list no longer requires its elements to be objects.
    follows: [],
    of: (proxy, pick) =>
      onOne(
        proxy,
        pick,
        ({ record, isValidated, contentType }) =>
          isValidated &&
          contentType === 'application/json' &&
          record?.data.from === 'value' &&
          record.data.as === 'text',
        (call) => ({ ...call, takesObjects: true }),
      ),
  },
  {
    name: 'data-cut',
    why: 'Texts are cut at 32 kB.',
    clauses: ['SAFE-6'],
    follows: OF_PUTS,
    of: behind(hasPuts, inStored((data) => data.slice(0, 43_688)).middleware),
  },
  {
    name: 'keys-raw',
    why: 'Keys are not escaped.',
    clauses: ['SAFE-7', 'SAFE-10'],
    follows: [],
    of: inKey({ escape: 'none' }),
  },
  {
    name: 'keys-of-javascript',
    why: 'An apostrophe gets a backslash, which is not valid JSON.',
    clauses: ['SAFE-7'],
    follows: [],
    of: inKey({ escape: 'javascript' }),
  },
  {
    name: 'keys-lower-cased',
    why: 'Keys are normalised.',
    clauses: ['SAFE-7'],
    follows: ['SAFE-10', 'SAFE-11'],
    of: inKey({ edit: '.toLowerCase()' }),
  },
  {
    name: 'keys-stripped',
    why: 'Non-letters are dropped.',
    clauses: ['SAFE-7'],
    follows: ['SAFE-10', 'SAFE-11'],
    of: inKey({ edit: '.replaceAll("[^A-Za-z0-9 ]", "")' }),
  },
  {
    name: 'key-fixed',
    why: 'All records get the same key.',
    clauses: ['SAFE-8'],
    follows: ['SAFE-13'],
    of: keyed(() => ({ fixed: 'events', isText: true })),
  },
  {
    name: 'key-of-the-stage',
    why: 'Each call uses the same key.',
    clauses: ['SAFE-8'],
    follows: ['SAFE-13'],
    of: keyed(() => ({ given: '$context.stage' })),
  },
  {
    name: 'key-of-the-batch',
    why: 'A batch goes to one shard.',
    clauses: ['SAFE-8'],
    follows: ['SAFE-13'],
    of: inRecord(isBatch, (record) => ({ ...record, key: { given: '$context.requestId' } })),
  },
  {
    name: 'key-of-the-position',
    why: 'All batches of one record go to one shard.',
    clauses: ['SAFE-8'],
    follows: ['SAFE-13'],
    of: inRecord(isBatch, (record) => ({ ...record, key: { given: '$foreach.index' } })),
  },
  {
    name: 'batches-of-a-hundred',
    why: 'Records after the hundredth are dropped.',
    clauses: ['SAFE-9'],
    follows: ['SAFE-4'],
    of: behind(
      hasBatches,
      asked('PutRecords', (input) => ({ ...input, Records: input.Records.slice(0, 100) })).middleware,
    ),
  },
  {
    name: 'second-record-lost',
    why: 'One record is dropped.',
    clauses: ['SAFE-9'],
    follows: OF_PUTS,
    of: behind(
      hasBatches,
      asked('PutRecords', (input) => ({ ...input, Records: input.Records.toSpliced(1, 1) })).middleware,
    ),
  },
  {
    name: 'batches-reversed',
    why: 'The last record comes first.',
    clauses: ['SAFE-9'],
    follows: OF_PUTS,
    of: behind(
      ({ calls }) => calls.some(({ record, list }) => list !== undefined && isClients(record?.key)),
      asked('PutRecords', (input) => ({ ...input, Records: input.Records.toReversed() })).middleware,
    ),
  },
];
