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

/** The answer to a put as if it had been stored. */
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
const trimmed = (value: string) => escaped(`${value}.trim()`);
const lowerCased = (value: string) => escaped(`${value}.toLowerCase()`);
const quotesGone = (value: string) => escaped(value).replace(/$/, '.replaceAll("[^A-Za-z0-9 ]", "")');

/** Calls that put: the data, the keys, the batches. */
export const writing: readonly Mutant[] = [
  ...on(ALL, 'stored-twice', 'SAFE-5 SAFE-22', 'The proxy repeats each put.', twice(['PutRecord'])),
  ...on(
    ['intake', 'desk'],
    'batch-stored-twice',
    'SAFE-5 SAFE-9',
    'The proxy repeats each batch.',
    twice(['PutRecords']),
  ),
  ...on(
    ALL,
    'told-as-stored',
    'SAFE-5',
    'Puts are reported as stored, but lost.',
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
    'A call that one role may not make is refused, but then made under another role.',
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
    'The template escapes the text before encoding it.',
    inData((data) => `$util.escapeJavaScript(${data})`),
  ),
  ...on(
    ['intake'],
    'data-lower-cased',
    'SAFE-6',
    'Texts are converted to lower case.',
    inData((data) => `${data}.toLowerCase()`),
  ),
  ...on(
    ['intake'],
    'data-trimmed',
    'SAFE-6',
    'White space around a text is removed.',
    inData((data) => `${data}.trim()`),
  ),
  ...on(
    ['intake'],
    'data-without-breaks',
    'SAFE-6',
    'Line breaks become spaces.',
    inData((data) => `${data}.replaceAll("\\s", " ")`),
  ),
  ...on(
    ['intake'],
    'objects-as-java-prints-them',
    'SAFE-6',
    'A member is read as a text, and the model takes an object there.',
    api((body) => {
      const text = JSON.stringify(body.components).replaceAll('"message":{"type":"string"}', '"message":{}');
      body.components = JSON.parse(text);
    }),
  ),
  ...on(
    ALL,
    'data-cut',
    'SAFE-6',
    'Texts are cut at 32 kB.',
    inStored((data) => data.slice(0, 43_688)),
  ),
  ...on(
    ALL,
    'data-latin-1',
    'SAFE-6',
    'Texts are converted to Latin-1.',
    inStored((data) =>
      Buffer.from(Buffer.from(data, 'base64').toString('utf8'), 'latin1').toString('base64'),
    ),
  ),
  ...on(
    ['hardened'],
    'keys-raw',
    'SAFE-7 SAFE-10',
    'The template does not escape partition keys.',
    inKeys(raw, 'hardened'),
  ),
  ...on(
    ['desk'],
    'keys-raw',
    'SAFE-7 SAFE-10',
    'The template does not escape partition keys.',
    inKeys(raw, 'desk'),
  ),
  ...on(
    ['intake'],
    'keys-raw',
    'SAFE-7 SAFE-10',
    'The template does not escape partition keys.',
    inClicks(raw),
  ),
  ...on(
    ['hardened'],
    'keys-of-javascript',
    'SAFE-7',
    'An apostrophe gets a backslash, which JSON does not allow.',
    inKeys(halfEscaped, 'hardened'),
  ),
  ...on(
    ['desk'],
    'keys-of-javascript',
    'SAFE-7',
    'An apostrophe gets a backslash, which JSON does not allow.',
    inKeys(halfEscaped, 'desk'),
  ),
  ...on(
    ['intake'],
    'keys-of-javascript',
    'SAFE-7',
    'An apostrophe gets a backslash, which JSON does not allow.',
    inClicks(halfEscaped),
  ),
  ...on(
    ['hardened'],
    'keys-lower-cased',
    'SAFE-7',
    'Keys are converted to lower case.',
    inKeys(lowerCased, 'hardened'),
  ),
  ...on(
    ['desk'],
    'keys-lower-cased',
    'SAFE-7',
    'Keys are converted to lower case.',
    inKeys(lowerCased, 'desk'),
  ),
  ...on(
    ['hardened'],
    'keys-trimmed',
    'SAFE-7',
    'Spaces around keys are removed.',
    inKeys(trimmed, 'hardened'),
  ),
  ...on(['desk'], 'keys-trimmed', 'SAFE-7', 'Spaces around keys are removed.', inKeys(trimmed, 'desk')),
  ...on(
    ['intake'],
    'keys-stripped',
    'SAFE-7',
    'Everything but letters, digits and spaces is removed from keys.',
    inClicks(quotesGone),
  ),
  ...on(
    ['intake'],
    'key-fixed',
    'SAFE-8',
    'All records have one fixed key.',
    request('PutRecord', '$context.requestId', 'clicks'),
  ),
  ...on(
    ['intake'],
    'key-of-the-api',
    'SAFE-8',
    'The key is the same in each call.',
    request('PutRecord', '$context.requestId', '$context.apiId'),
  ),
  ...on(
    ['intake'],
    'key-of-the-caller',
    'SAFE-8',
    'The key is the caller’s address, so a busy caller fills one shard.',
    request('PutRecord', '$context.requestId', '$context.identity.sourceIp'),
  ),
  ...on(
    ['hardened'],
    'key-of-the-stage',
    'SAFE-8',
    'The key is the same in each call.',
    request('PutRecord', escaped(hardened.key), '$context.stage'),
  ),
  ...on(
    ['desk'],
    'key-of-the-batch',
    'SAFE-8',
    'All records of a batch have one key, so they go to one shard.',
    request('PutRecords', escaped(desk.elementKey), '$context.requestId'),
  ),
  ...on(
    ['hardened'],
    'key-of-the-position',
    'SAFE-8',
    'The key is the position in the batch, so all batches of one record go to one shard.',
    request('PutRecords', escaped(hardened.elementKey), '$foreach.index'),
  ),
  ...on(
    ['intake'],
    'key-of-the-position',
    'SAFE-8',
    'The key is the position in the batch, so all batches of one record go to one shard.',
    request('PutRecords', escaped(intake.elementKey), 'click-$foreach.count'),
  ),
  ...on(
    ['desk'],
    'key-of-the-position',
    'SAFE-8',
    'The key is the position in the batch, so all batches of one record go to one shard.',
    request('PutRecords', escaped(desk.elementKey), '${context.stage}-$foreach.index'),
  ),
  ...on(
    ['hardened', 'intake'],
    'comma-dropped',
    'SAFE-5',
    'There is no comma between the records.',
    request('PutRecords', '#if($foreach.hasNext),#end', ''),
  ),
  ...on(
    ['intake', 'desk'],
    'comma-always',
    'SAFE-5',
    'There is a comma after the last record.',
    request('PutRecords', '#if($foreach.hasNext),#end', ','),
  ),
  ...on(
    ALL,
    'batches-of-a-hundred',
    'SAFE-9',
    'Records after the hundredth are lost.',
    asked('PutRecords', (input) => ({ ...input, Records: input.Records.slice(0, 100) })),
  ),
  ...on(
    ['intake', 'desk'],
    'batches-reversed',
    'SAFE-9',
    'A batch is stored in reverse order.',
    asked('PutRecords', (input) => ({ ...input, Records: input.Records.toReversed() })),
  ),
  ...on(
    ['intake'],
    'second-record-lost',
    'SAFE-9',
    'One record of a batch is lost.',
    asked('PutRecords', (input) => ({ ...input, Records: input.Records.toSpliced(1, 1) })),
  ),
  ...on(
    ['intake'],
    'data-evaluated',
    'SAFE-11',
    'Variables in texts are evaluated.',
    inData(
      (data) =>
        `${data}.replaceAll("[$]context[.]accountId", "$context.accountId").replaceAll("[$][{]context[.]accountId[}]", "$context.accountId")`,
    ),
  ),
  ...on(
    ['intake'],
    'data-without-references',
    'SAFE-11',
    'Text that looks like a variable is removed.',
    inData((data) => `${data}.replaceAll("[$][a-zA-Z{][a-zA-Z.}]*", "")`),
  ),
  ...on(
    ['intake'],
    'data-without-directives',
    'SAFE-11',
    'Text that looks like a directive is removed.',
    inData((data) => `${data}.replaceAll("#(set|foreach|end|#)", "")`),
  ),
  ...on(
    ['hardened'],
    'keys-without-references',
    'SAFE-11',
    'Text that looks like a variable is removed.',
    inKeys((key) => escaped(`${key}.replaceAll("[$][a-zA-Z{][a-zA-Z.}]*", "")`), 'hardened'),
  ),
  ...on(
    ['desk'],
    'keys-without-directives',
    'SAFE-11',
    'Text that looks like a directive is removed.',
    inKeys((key) => escaped(`${key}.replaceAll("#(set|foreach|end)", "")`), 'desk'),
  ),
];
