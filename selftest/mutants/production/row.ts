import type { Change, Mutant } from '../../changes/change.ts';
import type { Base } from '../../changes/stack.ts';

/** One defect on some of the bases: `hardened-NAME`, `desk-NAME`. */
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
/** Those whose clients choose the stream, and read. */
export const OPEN = ['hardened', 'desk'] as const;

/** How the bases write a value of the client's. */
export const escaped = (value: string) => `$util.escapeJavaScript(${value}).replaceAll("\\\\'", "'")`;

/** The values of the bases' requests, as their templates have them. */
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
