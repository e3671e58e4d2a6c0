import type { IntendedRecord, Told } from '../client/by-interface.ts';
import type { ProxyWorld } from '../world.ts';

/** What Kinesis itself is asked for a put: whoever knows its API sends this past a proxy's templates. */
export function kinesisRequest(action: string, { stream, records }: Told): string {
  const written = records.map(({ data, partitionKey }) => ({
    Data: Buffer.from(data).toString('base64'),
    PartitionKey: partitionKey ?? 'some key',
  }));
  return JSON.stringify({
    StreamName: stream,
    ...(action === 'PutRecords' ? { Records: written } : written[0]),
  });
}

/** Each record that the client wanted stored, with what the interface says is stored of it. */
export function putsOf(
  world: ProxyWorld,
): { readonly intended: IntendedRecord; readonly told: Told['records'][number] }[] {
  return world.offered.attempts.flatMap(({ intent, told }) => {
    const { data = '', partitionKey = '' } = intent;
    const intended = intent.records ?? [{ data, partitionKey }];
    return told.records.map((record, index) => ({
      intended: intended[index] ?? (intended[0] as IntendedRecord),
      told: record,
    }));
  });
}

/**
 * Whether a reader gets a text out of what is stored: it is there, or in its JSON, base64 or percent-encoding. What is
 * made lower case, or escaped for another language, is another text.
 */
export function isReadOutOf(stored: string): (text: string) => boolean {
  return (text) =>
    stored.includes(text) ||
    textsIn(stored).some((value) => value.includes(text)) ||
    stored.includes(Buffer.from(text).toString('base64')) ||
    decoded(stored).includes(text);
}

/** All texts in a JSON document; none in what is no JSON. */
function textsIn(stored: string): string[] {
  const texts: string[] = [];
  try {
    JSON.parse(stored, (_key, value) => {
      if (typeof value === 'string') texts.push(value);
      return value;
    });
  } catch {
    return [];
  }
  return texts;
}

/** Of a form, where a blank is a plus. */
function decoded(stored: string): string {
  try {
    return decodeURIComponent(stored.replaceAll('+', ' '));
  } catch {
    return '';
  }
}
