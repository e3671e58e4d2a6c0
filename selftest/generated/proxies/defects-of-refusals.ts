import { type Defect, onOne, type ProxyWithDefect } from './defect.ts';
import { type CallShape, choosesStream, type ErrorShape, type ProxyShape } from './proxy.ts';
import { STYLES_WITHOUT_FAILED_RECORDS } from './responses.ts';

/** Edits how one method reports errors. */
const told =
  (isFit: (call: CallShape) => boolean, edit: (errors: ErrorShape) => ErrorShape) =>
  (proxy: ProxyShape, pick: number): ProxyWithDefect | undefined =>
    onOne(proxy, pick, isFit, (call) => ({ ...call, errors: edit(proxy.errors) }));
const as = (type: string, status: number) => (errors: ErrorShape) => ({
  ...errors,
  statuses: { ...errors.statuses, [type]: status },
});
/** Both throttling errors; where failures share their status, two responses would become one. */
const throttledAs = (status: number) => (errors: ErrorShape) =>
  as('LimitExceededException', status)(as('ProvisionedThroughputExceededException', status)(errors));
const body = (change: Partial<ErrorShape['body']>) => (errors: ErrorShape) => ({
  ...errors,
  body: { ...errors.body, ...change },
});
const more = (name: string, json: string) => (errors: ErrorShape) =>
  body({ more: { ...errors.body.more, [name]: json } })(errors);

const any = () => true;
/** A batch's answer may have a special status where it does not count failed records. */
const tellsBySuccess = ({ action, answer }: CallShape) => action !== 'PutRecords' || answer.partly < 400;
const is =
  (...actions: string[]) =>
  (call: CallShape) =>
    actions.includes(call.action);
const isNot =
  (...actions: string[]) =>
  (call: CallShape) =>
    !actions.includes(call.action);
const missesStreams = (call: CallShape) => choosesStream(call) && call.action !== 'CreateStream';
const batch = (edit: (call: CallShape) => CallShape) => (proxy: ProxyShape, pick: number) =>
  onOne(proxy, pick, is('PutRecords'), edit);
const inAnswer = (change: (call: CallShape) => Partial<CallShape['answer']>) =>
  batch((call) => ({ ...call, answer: { ...call.answer, ...change(call) } }));

const allTo = (status: number) => (errors: ErrorShape) => ({
  ...errors,
  otherwise: status,
  statuses: Object.fromEntries(Object.keys(errors.statuses).map((type) => [type, status])),
});

/** What a client is told about a refusal. */
export const REFUSALS: readonly Defect[] = [
  {
    name: 'refusals-are-successes',
    why: 'One method has no mapping of errors.',
    clauses: ['SAFE-1'],
    follows: ['SAFE-2', 'SAFE-13', 'SAFE-22'],
    // API Gateway keeps one response per status, so this status must differ from that of success.
    of: told(any, allTo(203)),
  },
  {
    name: 'errors-have-no-pattern',
    why: 'Only a default response is mapped.',
    clauses: ['SAFE-1'],
    follows: ['SAFE-2', 'SAFE-3', 'SAFE-13', 'SAFE-22'],
    of: told(tellsBySuccess, (errors) => ({ ...errors, isDefault: false, refused: '404', failed: '504' })),
  },
  {
    name: 'failures-have-no-pattern',
    why: 'Only refusals are mapped, so a failure of Kinesis looks like a success.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(tellsBySuccess, (errors) => ({ ...errors, isDefault: false, otherwise: 400, failed: '504' })),
  },
  {
    name: 'one-failure-has-no-pattern',
    why: 'Of Kinesis’s failures only status 500 is mapped.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(tellsBySuccess, (errors) => ({ ...errors, isDefault: false, otherwise: 400, failed: '500' })),
  },
  {
    name: 'denied-is-a-success',
    why: 'One type of error is mapped by mistake.',
    clauses: ['SAFE-1'],
    // A body that does not name a stream gets AccessDenied.
    follows: ['SAFE-2', 'SAFE-13'],
    of: told(isNot('GetRecords'), as('AccessDeniedException', 202)),
  },
  {
    name: 'denied-is-400',
    why: 'One type of error is not mapped.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(any, as('AccessDeniedException', 400)),
  },
  {
    name: 'denied-is-500',
    why: 'A denial is reported as a failure.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(any, as('AccessDeniedException', 500)),
  },
  {
    name: 'missing-is-400',
    why: 'A missing stream and an invalid name get the same answer.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(missesStreams, as('ResourceNotFoundException', 400)),
  },
  {
    name: 'in-use-is-400',
    why: 'A name in use and an invalid name get the same answer.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(is('CreateStream'), as('ResourceInUseException', 400)),
  },
  {
    name: 'bad-iterator-is-500',
    why: 'A client’s mistake is reported as a failure.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(is('GetRecords'), (errors) =>
      // API Gateway keeps one integration response per status, so the failures get another status.
      as('InvalidArgumentException', 500)({ ...errors, otherwise: 500, failure: 502 }),
    ),
  },
  {
    name: 'text-of-kinesis',
    why: 'Kinesis’s text names the account and the role.',
    clauses: ['SAFE-3'],
    follows: [],
    of: told(any, more('text', `"$!input.path('$.message')$!input.path('$.Message')"`)),
  },
  {
    name: 'account-told',
    why: 'The account id is there to help support.',
    clauses: ['SAFE-3'],
    follows: [],
    of: told(any, more('account', '"$context.accountId"')),
  },
  {
    name: 'errors-as-they-come',
    why: 'Errors pass through.',
    clauses: ['SAFE-3'],
    follows: ['SAFE-2', 'SAFE-22'],
    of: told(any, (errors) => body({ isPassed: true })({ ...errors, isDefault: false, otherwise: 400 })),
  },
  {
    name: 'error-without-type',
    why: 'Clients get only a sentence.',
    clauses: ['SAFE-3'],
    follows: [],
    of: told(any, body({ type: 'absent' })),
  },
  {
    name: 'part-is-a-success',
    why: 'A partly stored batch looks fully stored.',
    clauses: ['SAFE-4'],
    follows: [],
    of: inAnswer(({ success }) => ({ partly: success })),
  },
  {
    name: 'part-is-only-counted',
    why: 'The answer does not say which records failed.',
    clauses: ['SAFE-4'],
    follows: [],
    of: inAnswer(() => ({ style: STYLES_WITHOUT_FAILED_RECORDS[0] })),
  },
  {
    name: 'part-is-told-as-stored',
    why: 'Every record is reported as stored.',
    clauses: ['SAFE-4'],
    follows: [],
    of: inAnswer(() => ({ style: STYLES_WITHOUT_FAILED_RECORDS[1] })),
  },
  {
    name: 'throttled-is-400',
    why: 'A client is blamed for a full shard.',
    clauses: ['SAFE-22'],
    follows: ['SAFE-2'],
    of: told(is('PutRecord'), as('ProvisionedThroughputExceededException', 400)),
  },
  {
    name: 'throttled-is-500',
    why: 'A full shard is reported as a server error.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(any, throttledAs(500)),
  },
  {
    name: 'throttled-reading-is-400',
    why: 'Throttling of reads is reported as the client’s mistake.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(isNot('PutRecord'), throttledAs(400)),
  },
  {
    name: 'throttled-is-a-success',
    why: 'A full shard is reported as a success.',
    clauses: ['SAFE-22'],
    follows: ['SAFE-2'],
    of: told(is('PutRecord'), as('ProvisionedThroughputExceededException', 200)),
  },
];
