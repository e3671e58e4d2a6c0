import { type Defect, type Flawed, onOne } from './defect.ts';
import { type CallShape, choosesStream, type ErrorShape, type ProxyShape } from './proxy.ts';
import { UNTELLING } from './responses.ts';

/** Edits how one method tells errors. */
const told =
  (isFit: (call: CallShape) => boolean, edit: (errors: ErrorShape) => ErrorShape) =>
  (proxy: ProxyShape, pick: number): Flawed | undefined =>
    onOne(proxy, pick, isFit, (call) => ({ ...call, errors: edit(proxy.errors) }));
const as = (type: string, status: number) => (errors: ErrorShape) => ({
  ...errors,
  statuses: { ...errors.statuses, [type]: status },
});
/** Both types by which Kinesis throttles; of statuses that failures have, two responses would be one. */
const throttledAs = (status: number) => (errors: ErrorShape) =>
  as('LimitExceededException', status)(as('ProvisionedThroughputExceededException', status)(errors));
const body = (change: Partial<ErrorShape['body']>) => (errors: ErrorShape) => ({
  ...errors,
  body: { ...errors.body, ...change },
});
const more = (name: string, json: string) => (errors: ErrorShape) =>
  body({ more: { ...errors.body.more, [name]: json } })(errors);

const any = () => true;
/** A batch's answer may have a status of its own for whatever counts no failed records as none. */
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

/** What a client learns of a refusal. */
export const REFUSALS: readonly Defect[] = [
  {
    name: 'refusals-are-successes',
    why: 'The mapping of errors was forgotten in one method.',
    clauses: ['SAFE-1'],
    follows: ['SAFE-2', 'SAFE-13', 'SAFE-22'],
    // Two responses of one status would be one for API Gateway, so that it is none that a success has.
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
    why: 'Only refusals are mapped, and a failure of Kinesis is a success.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(tellsBySuccess, (errors) => ({ ...errors, isDefault: false, otherwise: 400, failed: '504' })),
  },
  {
    name: 'one-failure-has-no-pattern',
    why: 'Of the failures of Kinesis only that of 500 is mapped.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(tellsBySuccess, (errors) => ({ ...errors, isDefault: false, otherwise: 400, failed: '500' })),
  },
  {
    name: 'denied-is-a-success',
    why: 'One type of error was mapped by mistake.',
    clauses: ['SAFE-1'],
    // A body that names no stream is denied.
    follows: ['SAFE-2', 'SAFE-13'],
    of: told(isNot('GetRecords'), as('AccessDeniedException', 202)),
  },
  {
    name: 'denied-is-400',
    why: 'One type of error was forgotten.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(any, as('AccessDeniedException', 400)),
  },
  {
    name: 'denied-is-500',
    why: 'A denial is taken for a failure.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(any, as('AccessDeniedException', 500)),
  },
  {
    name: 'missing-is-400',
    why: 'A missing stream is not told from a bad name.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(missesStreams, as('ResourceNotFoundException', 400)),
  },
  {
    name: 'in-use-is-400',
    why: 'A name in use is not told from a bad one.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(is('CreateStream'), as('ResourceInUseException', 400)),
  },
  {
    name: 'bad-iterator-is-500',
    why: 'A client’s mistake is told as a failure.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(is('GetRecords'), (errors) =>
      // Of two integration responses with one status API Gateway keeps one, so the failures get another.
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
    why: 'The account was to help with support.',
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
    why: 'A sentence is all that clients get.',
    clauses: ['SAFE-3'],
    follows: [],
    of: told(any, body({ type: 'absent' })),
  },
  {
    name: 'part-is-a-success',
    why: 'A batch stored in part looks like a whole one.',
    clauses: ['SAFE-4'],
    follows: [],
    of: inAnswer(({ success }) => ({ partly: success })),
  },
  {
    name: 'part-is-only-counted',
    why: 'Which records failed is not told.',
    clauses: ['SAFE-4'],
    follows: [],
    of: inAnswer(() => ({ style: UNTELLING[0] })),
  },
  {
    name: 'part-is-told-as-stored',
    why: 'Every record is told as stored.',
    clauses: ['SAFE-4'],
    follows: [],
    of: inAnswer(() => ({ style: UNTELLING[1] })),
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
    why: 'A full shard is told as a failure of the server.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(any, throttledAs(500)),
  },
  {
    name: 'throttled-reading-is-400',
    why: 'Throttling of what reads is told as a mistake of the client.',
    clauses: ['SAFE-2'],
    follows: [],
    of: told(isNot('PutRecord'), throttledAs(400)),
  },
  {
    name: 'throttled-is-a-success',
    why: 'A full shard is told as a success.',
    clauses: ['SAFE-22'],
    follows: ['SAFE-2'],
    of: told(is('PutRecord'), as('ProvisionedThroughputExceededException', 200)),
  },
];
