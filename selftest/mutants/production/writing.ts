import type { Change, Mutant } from '../../changes/change.ts';
import { asked, behindGateway, inStored, type Json, PUTS, success } from '../../changes/kinesis.ts';
import { api, request, requests } from '../../changes/stack.ts';
import { ALL, escaped, on, VALUES } from './row.ts';

const SEQUENCE = '49543463076570308322303623326179887152428262250726293586';

const twice = (actions: readonly string[]): Change =>
  behindGateway(actions, () => async ({ pass }) => {
    await pass();
    return pass();
  });
/** Answers of puts that nobody stored. */
const stored = ({ Records }: Json) => {
  const one = { SequenceNumber: SEQUENCE, ShardId: 'shardId-000000000000' };
  return success(Records === undefined ? one : { FailedRecordCount: 0, Records: Records.map(() => one) });
};

const { hardened, intake, desk } = VALUES;
const inKeys = (edit: (value: string) => string, base: 'hardened' | 'desk'): Change =>
  requests(PUTS, (text) =>
    [VALUES[base].key, VALUES[base].elementKey].reduce(
      (before, key) => before.replaceAll(escaped(key), () => edit(key)),
      text,
    ),
  );
const inClicks = (edit: (value: string) => string) =>
  request('PutRecords', escaped(intake.elementKey), edit(intake.elementKey));
const inData = (edit: (value: string) => string) =>
  requests(PUTS, (text) =>
    [intake.data, intake.elementData].reduce(
      (before, data) => before.replaceAll(data, () => edit(data)),
      text,
    ),
  );

const raw = (value: string) => value;
const halfEscaped = (value: string) => `$util.escapeJavaScript(${value})`;
const lowerCased = (value: string) => escaped(`${value}.toLowerCase()`);
const quotesGone = (value: string) => escaped(value).replace(/$/, '.replaceAll("[^A-Za-z0-9 ]", "")');

/** What is stored, and under which key. */
export const writing: readonly Mutant[] = [
  ...on(ALL, 'stored-twice', 'SAFE-5 SAFE-22', 'A put is repeated behind the proxy.', twice(['PutRecord'])),
  ...on(
    ['intake', 'desk'],
    'batch-stored-twice',
    'SAFE-5 SAFE-9',
    'A batch is repeated behind the proxy.',
    twice(['PutRecords']),
  ),
  ...on(
    ALL,
    'told-as-stored',
    'SAFE-5',
    'Puts are answered before they are done, and lost.',
    behindGateway(
      PUTS,
      () =>
        async ({ input }) =>
          stored(input),
    ),
  ),
  ...on(
    ALL,
    'refused-and-stored',
    'SAFE-5',
    'What one role may not do, another does afterwards.',
    behindGateway(PUTS, () => async ({ input, pass, also }, action) => {
      const answer = await pass();
      if (answer.status !== 200) await also(action, input);
      return answer;
    }),
  ),
  ...on(
    ['intake'],
    'data-escaped',
    'SAFE-6',
    'Text is escaped before it is encoded.',
    inData((data) => `$util.escapeJavaScript(${data})`),
  ),
  ...on(
    ['intake'],
    'data-lower-cased',
    'SAFE-6',
    'Texts are made uniform.',
    inData((data) => `${data}.toLowerCase()`),
  ),
  ...on(
    ['intake'],
    'data-trimmed',
    'SAFE-6',
    'Blanks around a text are lost.',
    inData((data) => `${data}.trim()`),
  ),
  ...on(
    ['intake'],
    'data-without-breaks',
    'SAFE-6',
    'Line breaks are made blanks.',
    inData((data) => `${data}.replaceAll("\\s", " ")`),
  ),
  ...on(
    ['intake'],
    'objects-as-java-prints-them',
    'SAFE-6',
    'A member is read as a text, and the model takes an object there.',
    api(({ components }) => {
      const click = components.schemas.Click as { properties: Record<string, unknown> };
      click.properties.message = {};
    }),
  ),
  ...on(
    ALL,
    'data-cut',
    'SAFE-6',
    'No text is longer than 32 kB.',
    inStored((data) => data.slice(0, 43_688)),
  ),
  ...on(
    ALL,
    'data-latin-1',
    'SAFE-6',
    'Texts go through a system of 8 bits.',
    inStored((data) =>
      Buffer.from(Buffer.from(data, 'base64').toString('utf8'), 'latin1').toString('base64'),
    ),
  ),
  ...on(['hardened'], 'keys-raw', 'SAFE-7 SAFE-10', 'Keys are printed as they are.', inKeys(raw, 'hardened')),
  ...on(['desk'], 'keys-raw', 'SAFE-7 SAFE-10', 'Keys are printed as they are.', inKeys(raw, 'desk')),
  ...on(['intake'], 'keys-raw', 'SAFE-7 SAFE-10', 'Keys are printed as they are.', inClicks(raw)),
  ...on(
    ['hardened'],
    'keys-of-javascript',
    'SAFE-7',
    'An apostrophe gets a backslash, and is not JSON.',
    inKeys(halfEscaped, 'hardened'),
  ),
  ...on(
    ['desk'],
    'keys-of-javascript',
    'SAFE-7',
    'An apostrophe gets a backslash, and is not JSON.',
    inKeys(halfEscaped, 'desk'),
  ),
  ...on(
    ['intake'],
    'keys-of-javascript',
    'SAFE-7',
    'An apostrophe gets a backslash, and is not JSON.',
    inClicks(halfEscaped),
  ),
  ...on(['hardened'], 'keys-lower-cased', 'SAFE-7', 'Keys are made uniform.', inKeys(lowerCased, 'hardened')),
  ...on(['desk'], 'keys-lower-cased', 'SAFE-7', 'Keys are made uniform.', inKeys(lowerCased, 'desk')),
  ...on(['intake'], 'keys-stripped', 'SAFE-7', 'What is not a letter is dropped.', inClicks(quotesGone)),
  ...on(
    ['intake'],
    'key-fixed',
    'SAFE-8',
    'One key for all.',
    request('PutRecord', '$context.requestId', 'clicks'),
  ),
  ...on(
    ['intake'],
    'key-of-the-api',
    'SAFE-8',
    'A key that is the same in each call.',
    request('PutRecord', '$context.requestId', '$context.apiId'),
  ),
  ...on(
    ['intake'],
    'key-of-the-caller',
    'SAFE-8',
    'A busy caller fills one shard.',
    request('PutRecord', '$context.requestId', '$context.identity.sourceIp'),
  ),
  ...on(
    ['hardened'],
    'key-of-the-stage',
    'SAFE-8',
    'A key that is the same in each call.',
    request('PutRecord', escaped(hardened.key), '$context.stage'),
  ),
  ...on(
    ['desk'],
    'key-of-the-batch',
    'SAFE-8',
    'A batch goes to one shard.',
    request('PutRecords', escaped(desk.elementKey), '$context.requestId'),
  ),
  ...on(
    ['hardened', 'intake'],
    'comma-dropped',
    'SAFE-5',
    'No comma stands between the records.',
    request('PutRecords', '#if($foreach.hasNext),#end', ''),
  ),
  ...on(
    ['intake', 'desk'],
    'comma-always',
    'SAFE-5',
    'A comma stands behind the last record.',
    request('PutRecords', '#if($foreach.hasNext),#end', ','),
  ),
  ...on(
    ALL,
    'batches-of-a-hundred',
    'SAFE-9',
    'What is beyond 100 is dropped.',
    asked('PutRecords', (input) => ({ ...input, Records: input.Records.slice(0, 100) })),
  ),
  ...on(
    ['intake', 'desk'],
    'batches-reversed',
    'SAFE-9',
    'The last record comes first.',
    asked('PutRecords', (input) => ({ ...input, Records: input.Records.toReversed() })),
  ),
  ...on(
    ['intake'],
    'second-record-lost',
    'SAFE-9',
    'One record is dropped.',
    asked('PutRecords', (input) => ({ ...input, Records: input.Records.toSpliced(1, 1) })),
  ),
  ...on(
    ['intake'],
    'data-evaluated',
    'SAFE-11',
    'Variables in texts are filled in.',
    inData(
      (data) =>
        `${data}.replaceAll("[$]context[.]accountId", "$context.accountId").replaceAll("[$][{]context[.]accountId[}]", "$context.accountId")`,
    ),
  ),
  ...on(
    ['intake'],
    'data-without-references',
    'SAFE-11',
    'What looks like a variable is dropped.',
    inData((data) => `${data}.replaceAll("[$][a-zA-Z{][a-zA-Z.}]*", "")`),
  ),
  ...on(
    ['intake'],
    'data-without-directives',
    'SAFE-11',
    'What looks like a directive is dropped.',
    inData((data) => `${data}.replaceAll("#(set|foreach|end|#)", "")`),
  ),
  ...on(
    ['hardened'],
    'keys-without-references',
    'SAFE-11',
    'What looks like a variable is dropped.',
    inKeys((key) => escaped(`${key}.replaceAll("[$][a-zA-Z{][a-zA-Z.}]*", "")`), 'hardened'),
  ),
  ...on(
    ['desk'],
    'keys-without-directives',
    'SAFE-11',
    'What looks like a directive is dropped.',
    inKeys((key) => escaped(`${key}.replaceAll("#(set|foreach|end)", "")`), 'desk'),
  ),
];
