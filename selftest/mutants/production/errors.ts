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

/** What a client learns of a refusal. */
export const errors: readonly Mutant[] = [
  ...on(
    ALL,
    'refusals-are-successes',
    'SAFE-1 SAFE-2',
    'Only a default response is mapped.',
    WITHOUT_RULE('*'),
  ),
  ...on(
    OPEN,
    'one-call-forgotten',
    'SAFE-1 SAFE-2',
    'The mapping was forgotten in one method.',
    WITHOUT_RULE('DescribeStream'),
  ),
  ...on(
    ['intake'],
    'pattern-of-500',
    'SAFE-1',
    'The selection pattern is that of 500, and what is left is a success.',
    answers('*', (responses) => {
      responses['500'] = responses[REFUSED] as never;
      delete responses[REFUSED];
    }),
  ),
  ...on(
    ['intake', 'desk'],
    'overridden-to-200',
    'SAFE-1',
    'An old client wanted 200 always.',
    answer('*', REFUSED, OVERRIDE, '#set($context.responseOverride.status = 200)'),
  ),
  ...on(
    ALL,
    'every-refusal-a-400',
    'SAFE-2',
    'All errors of the client have one status.',
    answer('*', REFUSED, OVERRIDE, ''),
  ),
  ...on(['intake'], 'denied-is-500', 'SAFE-2', 'A denial is taken for a failure.', mapsTo(403, 500)),
  ...on(OPEN, 'missing-is-400', 'SAFE-2', 'A missing stream is not told from a bad name.', mapsTo(404, 400)),
  ...on(
    ['hardened'],
    'in-use-is-400',
    'SAFE-2',
    'A name in use is not told from a bad one.',
    mapsTo(409, 400),
  ),
  ...on(
    ['desk'],
    'bad-iterator-is-404',
    'SAFE-2',
    'All that is not told otherwise is taken for missing.',
    mapsTo(400, 404),
  ),
  ...on(
    ['intake'],
    'refusals-are-502',
    'SAFE-2',
    'The client’s mistakes are told as failures of the server.',
    answers('*', (responses) => {
      responses[REFUSED] = responses[FAILED] as never;
    }),
  ),
  ...on(
    ['hardened'],
    'text-of-kinesis',
    'SAFE-3',
    'Kinesis’s text names the account and the role.',
    answer('*', REFUSED, '"message": "$message"', `"message": $input.json('$.message')`),
  ),
  ...on(
    ['intake'],
    'text-of-kinesis',
    'SAFE-3',
    'Kinesis’s text names the account and the role.',
    answer('*', REFUSED, '"The click was not stored."', `$input.json('$.Message')`),
  ),
  ...on(
    ['desk'],
    'text-of-kinesis',
    'SAFE-3',
    'Kinesis’s text names the account and the role.',
    answer('*', REFUSED, '{"code": "$code"}', `{"code": "$code", "text": $input.json('$.message')}`),
  ),
  ...on(
    ['intake', 'desk'],
    'account-told',
    'SAFE-3',
    'The account was to help with support.',
    answer('*', REFUSED, /\}$/, ', "account": "$context.accountId"}'),
  ),
  ...on(
    ['hardened', 'intake'],
    'refusals-as-they-come',
    'SAFE-3',
    'Errors pass through.',
    answers('*', (responses) => {
      delete responses[REFUSED]?.responseTemplates;
    }),
  ),
  ...on(
    ['hardened'],
    'without-type',
    'SAFE-3',
    'A sentence is all that clients get.',
    answer('*', REFUSED, '"type": "$util.escapeJavaScript($type)", ', ''),
  ),
  ...on(
    ['intake'],
    'without-type',
    'SAFE-3',
    'A sentence is all that clients get.',
    answer('*', REFUSED, '"code": "$code", ', ''),
  ),
  ...on(
    ['desk'],
    'without-type',
    'SAFE-3',
    'A sentence is all that clients get.',
    answer('*', REFUSED, '"code": "$code"', '"text": "It did not work."'),
  ),
  ...on(
    ALL,
    'part-is-200',
    'SAFE-4',
    'A batch stored in part looks like a whole one.',
    answer('PutRecords', 'default', '#set($context.responseOverride.status = 207)', ''),
  ),
  ...on(
    ['hardened'],
    'without-positions',
    'SAFE-4',
    'What failed is only counted.',
    combine(
      answer('PutRecords', 'default', '$between$foreach.index', ''),
      answer('PutRecords', 'default', /"records": \[[\s\S]*\]/, '"records": []'),
    ),
  ),
  ...on(
    ['intake'],
    'without-positions',
    'SAFE-4',
    'Every record is told as stored.',
    answer('PutRecords', 'default', '{"again": "$result.ErrorCode"}', '{"stored": true}'),
  ),
  ...on(
    ['desk'],
    'without-positions',
    'SAFE-4',
    'What failed is left out.',
    answer('PutRecords', 'default', '$between$foreach.index', ''),
  ),
  ...on(ALL, 'throttled-is-400', 'SAFE-22', 'A client is blamed for a full shard.', mapsTo(429, 400)),
  ...on(
    ['intake', 'desk'],
    'throttled-is-200',
    'SAFE-22',
    'A full shard is told as a success.',
    mapsTo(429, 200),
  ),
];
