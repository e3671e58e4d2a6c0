/** Summarizes measurements: their median, and the quartiles as their spread. */
export interface Summary {
  readonly n: number;
  readonly median: number;
  /** The lower and upper quartile. */
  readonly low: number;
  readonly high: number;
}

/**
 * The value below which a share of the measurements lies, interpolated between neighbours.
 * @param share 0 to 1.
 * @throws RangeError if there are none.
 */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('no measurements');
  return ofSorted(Float64Array.from(values).sort(), share);
}

/** @throws RangeError if there are none. */
export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) throw new RangeError('no measurements');
  const sorted = Float64Array.from(values).sort();
  return {
    n: values.length,
    median: ofSorted(sorted, 0.5),
    low: ofSorted(sorted, 0.25),
    high: ofSorted(sorted, 0.75),
  };
}

/**
 * Each measurement as a ratio to that of the same round, so that interference with both cancels out.
 * @throws RangeError if one has more rounds than the other, or for a division by zero.
 */
export function pairRatios(values: readonly number[], others: readonly number[]): number[] {
  if (values.length !== others.length)
    throw new RangeError(`${values.length} measurements cannot be paired with ${others.length}`);
  return values.map((value, round) => {
    const other = others[round] as number;
    if (other === 0) throw new RangeError('a ratio to zero');
    return value / other;
  });
}

function ofSorted(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}
