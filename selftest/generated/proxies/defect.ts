import type { Change } from '../../changes/change.ts';
import type { Stack } from '../../changes/stack.ts';
import type { CallShape, ProxyShape } from './proxy.ts';

/** One way to break a proxy of any shape. */
export interface Defect {
  readonly name: string;
  /** How this mistake happens: one sentence. */
  readonly why: string;
  /** The clauses that have to fail. */
  readonly clauses: readonly string[];
  /** The only other clauses that may fail. */
  readonly follows: readonly string[];
  /**
   * @param pick chooses one of several methods that could have the defect.
   * @returns undefined where the proxy cannot have it, or where it could not be observed.
   */
  of(proxy: ProxyShape, pick: number): ProxyWithDefect | undefined;
}

/** A proxy with a defect: in its shape, in its template, or in the Kinesis behind it. */
export interface ProxyWithDefect {
  readonly proxy?: ProxyShape;
  readonly stack?: (copy: Stack) => void;
  readonly middleware?: Change['middleware'];
}

/** Edits one of the methods that match a condition. */
export function onOne(
  proxy: ProxyShape,
  pick: number,
  isFit: (call: CallShape) => boolean,
  edit: (call: CallShape) => CallShape,
): ProxyWithDefect | undefined {
  const fit = proxy.calls.filter(isFit);
  const chosen = fit[pick % fit.length];
  if (chosen === undefined) return undefined;
  return { proxy: { ...proxy, calls: proxy.calls.map((call) => (call === chosen ? edit(call) : call)) } };
}

/** The clauses of puts that fail where the stored data differs from what was put, including the consumer's. */
export const OF_PUTS = [
  'SAFE-4',
  'SAFE-5',
  'SAFE-6',
  'SAFE-7',
  'SAFE-8',
  'SAFE-9',
  'SAFE-10',
  'SAFE-11',
  'SAFE-17',
  'SAFE-22',
];
