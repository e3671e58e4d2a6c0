import { type Defect, onOne, type ProxyWithDefect } from './defect.ts';
import {
  type CallShape,
  type ClientValue,
  type DataShape,
  isClients,
  type ProxyShape,
  type RecordShape,
} from './proxy.ts';

/** Edits the record of one of the puts. */
export const inRecord =
  (
    isFit: (call: CallShape, record: RecordShape) => boolean,
    edit: (record: RecordShape, call: CallShape) => RecordShape,
  ) =>
  (proxy: ProxyShape, pick: number) =>
    onOne(
      proxy,
      pick,
      (call) => call.record !== undefined && isFit(call, call.record),
      (call) => ({ ...call, record: edit(call.record as RecordShape, call) }),
    );
export const inData = (edit: string, isFit: (data: DataShape) => boolean = ({ as }) => as !== 'base64') =>
  inRecord(
    (_call, { data }) => isFit(data),
    (record) => ({ ...record, data: { ...record.data, edit } }),
  );
export const inKey = (change: Partial<ClientValue>) =>
  inRecord(
    (_call, { key }) => isClients(key),
    (record) => ({ ...record, key: { ...(record.key as ClientValue), print: 'inline', ...change } }),
  );
/** Prints a member without escaping it. */
const raw =
  (name: string) =>
  (proxy: ProxyShape, pick: number): ProxyWithDefect | undefined =>
    onOne(
      proxy,
      pick,
      ({ members }) => isClients(members[name]),
      (call) => ({
        ...call,
        // The model's numbers cannot contain quotes.
        isValidated: call.isValidated && name !== 'ShardCount',
        members: {
          ...call.members,
          [name]: { ...(call.members[name] as ClientValue), print: 'inline', escape: 'none' },
        },
      }),
    );

/** Values that become part of the request or of its template. */
export const INJECTION: readonly Defect[] = [
  ...[
    'StreamName',
    'ShardCount',
    'ShardId',
    'ShardIteratorType',
    'ShardIterator',
    'ExclusiveStartStreamName',
    'NextToken',
  ].map(
    (name): Defect => ({
      name: `${name}-raw`,
      why: 'A value is not escaped.',
      clauses: ['SAFE-10'],
      follows: [],
      of: raw(name),
    }),
  ),
  {
    name: 'data-raw',
    why: 'The client’s base64 is printed without a check.',
    clauses: ['SAFE-10'],
    follows: [],
    of: inRecord(
      (_call, { data }) => data.as === 'base64',
      (record) => ({ ...record, data: { ...record.data, escape: 'none', isUnchecked: true } }),
    ),
  },
  {
    name: 'data-without-references',
    why: 'Text that looks like a variable is dropped.',
    clauses: ['SAFE-11'],
    follows: ['SAFE-6', 'SAFE-7'],
    of: inData('.replaceAll("[$][a-zA-Z{][a-zA-Z.}]*", "")'),
  },
  {
    name: 'data-without-directives',
    why: 'Text that looks like a directive is dropped.',
    clauses: ['SAFE-11'],
    follows: ['SAFE-6', 'SAFE-7'],
    of: inData('.replaceAll("#(set|foreach|end|#)", "")'),
  },
  {
    name: 'data-evaluated',
    why: 'Variables in the client’s text are evaluated.',
    clauses: ['SAFE-11'],
    follows: ['SAFE-6', 'SAFE-7'],
    of: inData('.replaceAll("[$][{]context[.]accountId[}]", "$context.accountId")'),
  },
  {
    name: 'keys-without-references',
    why: 'Text that looks like a variable is dropped.',
    clauses: ['SAFE-11'],
    follows: ['SAFE-7'],
    of: inKey({ edit: '.replaceAll("[$][a-zA-Z{][a-zA-Z.}]*", "")' }),
  },
];
