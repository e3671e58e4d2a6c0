import { combine, type Mutant } from '../../changes/change.ts';
import { answer, answers, FAILED, REFUSED } from '../../changes/stack.ts';
import { ALL, OPEN, on } from './row.ts';

const OVERRIDE = '#set($context.responseOverride.status = $status)';
const WITHOUT_RULE = (action: string) =>
  answers(action, (responses) => {
    delete responses[REFUSED];
  });
const mapsTo = (from: number, to: number) =>
  answer('*', REFUSED, `#set($status = ${from})`, `#set($status = ${to})`);

const OTHERS_THAN_PUTS = [
  'ListStreams',
  'DescribeStream',
  'CreateStream',
  'DeleteStream',
  'GetShardIterator',
  'GetRecords',
];

/** Error mapping: statuses, texts and types of errors, and partly failed batches. */
export const errors: readonly Mutant[] = [
  ...on(
    ALL,
    'refusals-are-successes',
    'SAFE-1 SAFE-2',
    'The API maps only a default response, so errors become successes.',
    WITHOUT_RULE('*'),
  ),
  ...on(
    OPEN,
    'one-call-forgotten',
    'SAFE-1 SAFE-2',
    'One method does not map errors.',
    WITHOUT_RULE('DescribeStream'),
  ),
  ...on(
    ['intake'],
    'pattern-of-500',
    'SAFE-1',
    'The selection pattern matches only 500, so other errors become successes.',
    answers('*', (responses) => {
      responses['500'] = responses[REFUSED] as never;
      delete responses[REFUSED];
    }),
  ),
  ...on(
    ['intake', 'desk'],
    'overridden-to-200',
    'SAFE-1',
    'Every error is answered with 200, for an old client.',
    answer('*', REFUSED, OVERRIDE, '#set($context.responseOverride.status = 200)'),
  ),
  ...on(
    ALL,
    'every-refusal-a-400',
    'SAFE-2',
    'All client errors have the same status.',
    answer('*', REFUSED, OVERRIDE, ''),
  ),
  ...on(['intake'], 'denied-is-500', 'SAFE-2', 'An access denial is answered with 500.', mapsTo(403, 500)),
  ...on(
    OPEN,
    'missing-is-400',
    'SAFE-2',
    'A missing stream is answered with 400, like an invalid name.',
    mapsTo(404, 400),
  ),
  ...on(
    ['hardened'],
    'in-use-is-400',
    'SAFE-2',
    'A name in use is answered with 400, like an invalid name.',
    mapsTo(409, 400),
  ),
  ...on(
    ['desk'],
    'bad-iterator-is-404',
    'SAFE-2',
    'Every client error without a status of its own is answered with 404.',
    mapsTo(400, 404),
  ),
  ...on(
    ['intake'],
    'refusals-are-502',
    'SAFE-2',
    'Client errors are answered as server errors.',
    answers('*', (responses) => {
      responses[REFUSED] = responses[FAILED] as never;
    }),
  ),
  ...on(
    ['hardened'],
    'text-of-kinesis',
    'SAFE-3',
    'The answer contains Kinesis’s text, which names the account and the role.',
    answer('*', REFUSED, '"message": "$message"', `"message": $input.json('$.message')`),
  ),
  ...on(
    ['intake'],
    'text-of-kinesis',
    'SAFE-3',
    'The answer contains Kinesis’s text, which names the account and the role.',
    answer('*', REFUSED, '"The click was not stored."', `$input.json('$.Message')`),
  ),
  ...on(
    ['desk'],
    'text-of-kinesis',
    'SAFE-3',
    'The answer contains Kinesis’s text, which names the account and the role.',
    answer('*', REFUSED, '{"code": "$code"}', `{"code": "$code", "text": $input.json('$.message')}`),
  ),
  ...on(
    ['intake', 'desk'],
    'account-told',
    'SAFE-3',
    'The answer contains the account id, to help support.',
    answer('*', REFUSED, /\}$/, ', "account": "$context.accountId"}'),
  ),
  ...on(
    ['hardened', 'intake'],
    'refusals-as-they-come',
    'SAFE-3',
    'Kinesis’s errors are passed on unchanged.',
    answers('*', (responses) => {
      delete responses[REFUSED]?.responseTemplates;
    }),
  ),
  ...on(
    ['hardened'],
    'without-type',
    'SAFE-3',
    'Errors have a sentence but no code.',
    answer('*', REFUSED, '"type": "$util.escapeJavaScript($type)", ', ''),
  ),
  ...on(
    ['intake'],
    'without-type',
    'SAFE-3',
    'Errors have a sentence but no code.',
    answer('*', REFUSED, '"code": "$code", ', ''),
  ),
  ...on(
    ['desk'],
    'without-type',
    'SAFE-3',
    'Errors have a sentence but no code.',
    answer('*', REFUSED, '"code": "$code"', '"text": "It did not work."'),
  ),
  ...on(
    ['hardened'],
    'one-type-for-all',
    'SAFE-3',
    'Every client error has the same type, whatever Kinesis refused.',
    answer('*', REFUSED, '"type": "$util.escapeJavaScript($type)"', '"type": "Refused"'),
  ),
  ...on(
    ['intake', 'desk'],
    'one-type-for-all',
    'SAFE-3',
    'Every client error has the same type, whatever Kinesis refused.',
    answer('*', REFUSED, '"code": "$code"', '"code": "Refused"'),
  ),
  ...on(
    ['hardened'],
    'failure-without-type',
    'SAFE-3',
    'A failure has a status in its body, but no type.',
    answer('*', FAILED, '"type": "ServiceFailure"', '"status": "error"'),
  ),
  ...on(
    ['intake', 'desk'],
    'failure-without-type',
    'SAFE-3',
    'A failure has a status in its body, but no type.',
    answer('*', FAILED, '"code": "Failure"', '"status": "error"'),
  ),
  ...on(
    ['hardened'],
    'text-of-refused-records',
    'SAFE-3',
    'The answer to a partly stored batch contains Kinesis’s text of each refused record, which names the account.',
    answer(
      'PutRecords',
      'default',
      '"Too many records at once for their shard."',
      '$input.json("$.Records[$foreach.index].ErrorMessage")',
    ),
  ),
  ...on(
    ['intake'],
    'text-of-refused-records',
    'SAFE-3',
    'The answer to a partly stored batch contains Kinesis’s text of each refused record, which names the account.',
    answer('PutRecords', 'default', '$result.ErrorCode"', '$result.ErrorCode: $result.ErrorMessage"'),
  ),
  ...on(
    ALL,
    'part-is-200',
    'SAFE-4',
    'The answer does not show that a batch was stored only in part.',
    answer('PutRecords', 'default', '#set($context.responseOverride.status = 207)', ''),
  ),
  ...on(
    ['hardened'],
    'without-positions',
    'SAFE-4',
    'The answer counts the failed records, but does not name them.',
    combine(
      answer('PutRecords', 'default', '$between$foreach.index', ''),
      answer('PutRecords', 'default', /"records": \[[\s\S]*\]/, '"records": []'),
    ),
  ),
  ...on(
    ['intake'],
    'without-positions',
    'SAFE-4',
    'The answer reports every record as stored.',
    answer('PutRecords', 'default', '{"again": "$result.ErrorCode"}', '{"stored": true}'),
  ),
  ...on(
    ['desk'],
    'without-positions',
    'SAFE-4',
    'The answer leaves out the failed records.',
    answer('PutRecords', 'default', '$between$foreach.index', ''),
  ),
  ...on(
    ALL,
    'throttled-is-400',
    'SAFE-22',
    'Throttling is answered with 400, as if the client were wrong.',
    mapsTo(429, 400),
  ),
  ...on(
    ['intake', 'desk'],
    'throttled-is-200',
    'SAFE-22',
    'Throttling is answered as a success.',
    mapsTo(429, 200),
  ),
  ...on(
    ALL,
    'throttled-is-500',
    'SAFE-2',
    'Throttling is answered as a failure of the server.',
    mapsTo(429, 500),
  ),
  ...on(
    ['hardened'],
    'throttled-calls-are-400',
    'SAFE-2',
    'Throttling of calls that read or manage streams is answered with 400.',
    answer(OTHERS_THAN_PUTS, REFUSED, '#set($status = 429)', '#set($status = 400)'),
  ),
  ...on(
    ['intake', 'desk'],
    'throttled-batches-are-400',
    'SAFE-2',
    'Throttling of PutRecords is answered with 400.',
    answer('PutRecords', REFUSED, '#set($status = 429)', '#set($status = 400)'),
  ),
];
