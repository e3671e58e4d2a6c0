import { createHash } from 'node:crypto';

const TIMES = 30_000;

/**
 * A fixed piece of work of the kinds that a run consists of: JSON, hashes, regular expressions, maps, short-lived
 * objects. What takes a machine so many times this long is comparable between machines.
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
  // The results are used, so that no compiler may leave the work out.
  if (seen.size === 0 || length === 0) throw new Error('nothing was calibrated');
  return (performance.now() - began) / 1000;
}
