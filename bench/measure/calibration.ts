import { createHash } from 'node:crypto';

const TIMES = 30_000;

/**
 * A fixed piece of work like that of a run: JSON, hashes, regular expressions, maps, short-lived objects. Durations as
 * multiples of this one are comparable between machines.
 * @returns the seconds it took.
 */
export function calibrate(): number {
  const began = performance.now();
  const seen = new Map<string, number>();
  let length = 0;
  for (let time = 0; time < TIMES; time += 1) {
    const records = Array.from({ length: 20 }, (_, index) => ({
      Data: `record ${time * index}`,
      PartitionKey: `key ${index}`,
    }));
    const text = JSON.stringify({ StreamName: `stream-${time}`, Records: records });
    const digest = createHash('md5').update(text).digest('hex');
    seen.set(digest.slice(0, 3), time);
    length += text.replace(/"key (\d+)"/g, (_, index) => `"${Number(index) + 1}"`).length;
    length += (JSON.parse(text) as { Records: object[] }).Records.length;
  }
  // Uses the results, so that no compiler can optimise the work away.
  if (seen.size === 0 || length === 0) throw new Error('nothing was calibrated');
  return (performance.now() - began) / 1000;
}
