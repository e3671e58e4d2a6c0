import type { Change, Mutant } from '../../changes/change.ts';
import type { Base } from '../../changes/stack.ts';

/** One mutant for each of the given bases: `hardened-NAME`, `desk-NAME`. */
export function on(
  bases: readonly Base[],
  name: string,
  clauses: string,
  why: string,
  change: Change,
): Mutant[] {
  return bases.map((base) => ({ name: `${base}-${name}`, why, clauses: clauses.split(' '), base, change }));
}

export const ALL = ['hardened', 'intake', 'desk'] as const;
/** The bases whose clients choose the stream and can read. */
export const OPEN = ['hardened', 'desk'] as const;

/** How the templates of the bases escape a value from the client. */
export const escaped = (value: string) => `$util.escapeJavaScript(${value}).replaceAll("\\\\'", "'")`;

/** The expressions by which the bases' templates read values from a request. */
export const VALUES = {
  hardened: {
    stream: "$input.params('stream-name')",
    key: "$input.path('$.partitionKey')",
    elementKey: '$record.partitionKey',
    data: "$input.path('$.data')",
    elementData: '$record.data',
  },
  intake: { elementKey: '$click.user', data: "$input.path('$.message')", elementData: '$click.message' },
  desk: {
    stream: "$input.params().querystring.get('stream')",
    key: "$input.path('$.topic')",
    elementKey: '$message.topic',
    data: "$input.path('$.payload')",
    elementData: '$message.payload',
  },
} as const;
