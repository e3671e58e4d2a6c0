import type { Change } from '../../changes/change.ts';
import type { Stack } from '../../changes/stack.ts';
import type { CallShape, ProxyShape } from './proxy.ts';

/** One way to break a proxy of any shape. */
export interface Defect {
  readonly name: string;
  /** Who would make the mistake: one sentence. */
  readonly why: string;
  /** Each has to fail. */
  readonly clauses: readonly string[];
  /** What may fail with them, and nothing else. */
  readonly follows: readonly string[];
  /**
   * @param pick of several methods that could have it, which one has.
   * @returns undefined where the proxy cannot have it, or nobody could see it.
   */
  of(proxy: ProxyShape, pick: number): Flawed | undefined;
}

/** A proxy with a defect: of another shape, with an edited template, or before a Kinesis that does otherwise. */
export interface Flawed {
  readonly proxy?: ProxyShape;
  readonly stack?: (copy: Stack) => void;
  readonly middleware?: Change['middleware'];
}

/** Edits one of the methods that are told by a condition. */
export function onOne(
  proxy: ProxyShape,
  pick: number,
  isFit: (call: CallShape) => boolean,
  edit: (call: CallShape) => CallShape,
): Flawed | undefined {
  const fit = proxy.calls.filter(isFit);
  const chosen = fit[pick % fit.length];
  if (chosen === undefined) return undefined;
  return { proxy: { ...proxy, calls: proxy.calls.map((call) => (call === chosen ? edit(call) : call)) } };
}

/** What of a batch or a record fails where what is stored is not what was put; a consumer reads what producers put. */
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
