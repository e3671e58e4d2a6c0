/**
 * The protocol of the SDK for Java, KCL and KPL: the bodies of the JSON protocol, encoded as CBOR
 * (docs/facts/kinesis.md#cbor).
 */
export const CBOR_TYPE = 'application/x-amz-cbor-1.1';

/** The tag of a timestamp. The SDKs for Java write milliseconds after it, not seconds as in RFC 8949. */
const TIMESTAMP_TAG = 1;
/** All members of the service model that are blobs or timestamps; a test compares them with the SDK's model. */
const BLOB = 'Data';
const TIMESTAMPS: ReadonlySet<string> = new Set([
  'ApproximateArrivalTimestamp',
  'ChannelCreationTimestamp',
  'ConsumerCreationTimestamp',
  'EarliestAllowedEndAt',
  'EndedAt',
  'StartedAt',
  'StreamCreationTimestamp',
  'Timestamp',
]);
/** Kinesis's members are nested at most four deep. Refuses bodies whose nesting would exhaust the stack. */
const MAX_DEPTH = 64;

/**
 * Converts a request's CBOR body to the equivalent JSON body: byte strings become base64, timestamps seconds since the
 * epoch. Undefined if the body is not CBOR, or has a value that no Kinesis member can have, such as NaN.
 */
export async function jsonOfCbor(body: Uint8Array): Promise<Buffer | undefined> {
  const { cbor } = await codec();
  try {
    return Buffer.from(JSON.stringify(toJson(cbor.deserialize(body), 0)));
  } catch {
    return undefined;
  }
}

/** Converts the JSON body of an answer, success or error, to CBOR; an empty body stays empty. */
export async function cborOfJson(body: Buffer | string): Promise<Buffer> {
  if (body.length === 0) return Buffer.alloc(0);
  const { cbor, tag } = await codec();
  const revive = (name: string, value: unknown): unknown => {
    if (name === BLOB && typeof value === 'string') return Buffer.from(value, 'base64');
    if (!TIMESTAMPS.has(name) || typeof value !== 'number') return value;
    return tag({ tag: TIMESTAMP_TAG, value: Math.round(value * 1000) });
  };
  return Buffer.from(cbor.serialize(JSON.parse(body.toString(), revive)));
}

/** Loads the codec on the first call that needs it, which most servers never get. */
function codec() {
  return import('@smithy/core/cbor');
}

function toJson(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH}`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value;
    // JSON's numbers lose digits beyond 2^53 too; Kinesis writes longer numbers as text.
    case 'number':
    case 'bigint':
      return finite(Number(value));
    default:
      return value === null ? null : objectToJson(value as object, depth);
  }
}

function objectToJson(value: object, depth: number): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((member) => toJson(member, depth + 1) ?? null);
  // The codec marks tagged values with a symbol, and represents decimal fractions by a class.
  if (Object.getOwnPropertySymbols(value).length > 0) return timestampToJson(value);
  if (Object.getPrototypeOf(value) !== Object.prototype) throw new TypeError('no member of Kinesis');
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toJson(member, depth + 1)]));
}

function timestampToJson(tagged: { readonly tag?: unknown; readonly value?: unknown }): number {
  if (tagged.tag !== TIMESTAMP_TAG || !['number', 'bigint'].includes(typeof tagged.value))
    throw new TypeError(`no timestamp: tag ${tagged.tag}`);
  return finite(Number(tagged.value)) / 1000;
}

function finite(number: number): number {
  if (!Number.isFinite(number)) throw new RangeError('not a finite number');
  return number;
}
