import type { HttpResponse } from '../http.ts';

interface Read {
  /** Times of arrival in seconds since the epoch. */
  readonly Records?: readonly { readonly ApproximateArrivalTimestamp: number }[];
  readonly MillisBehindLatest?: number;
}

/**
 * What GetRecords answers while the newest record it would give is too young to be seen: nothing, and an iterator at
 * the same place. That nothing comes although something is there is normal (docs/facts/kinesis.md#records).
 * @param youngest how old a record has to be: milliseconds of the world.
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
