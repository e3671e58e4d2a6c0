import type { HttpResponse } from '../http.ts';

interface Read {
  /** Times of arrival in seconds since the epoch. */
  readonly Records?: readonly { readonly ApproximateArrivalTimestamp: number }[];
  readonly MillisBehindLatest?: number;
}

/**
 * GetRecords' answer while the newest record in it is not visible yet: no records, and an iterator at the same
 * position. Such empty answers are normal (docs/facts/kinesis.md#records).
 * @param youngest the age at which a record becomes visible, in real milliseconds.
 * @param now milliseconds since the epoch.
 */
export function hideNew(
  answer: HttpResponse,
  { iterator, youngest, now }: { iterator: string; youngest: number; now: number },
): HttpResponse {
  const read = JSON.parse(answer.body.toString()) as Read;
  const newest = Math.max(
    ...(read.Records ?? []).map((record) => record.ApproximateArrivalTimestamp * 1_000),
  );
  if (newest <= now - youngest) return answer;
  const empty = { ...read, Records: [], NextShardIterator: iterator, MillisBehindLatest: 0 };
  return { ...answer, body: JSON.stringify(empty) };
}
