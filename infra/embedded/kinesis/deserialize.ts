import { serialization } from './errors.ts';
import type { Members, Shape } from './shapes.ts';

const NUMBER_CLASS = 'com.amazon.coral.value.json.numbers.TruncatingBigNumber';

/**
 * Reads the members in a request's shapes and checks their JSON types; null counts as absent. Throws
 * SerializationException with AWS's texts (docs/facts/kinesis.md#errors).
 */
export function deserialize(value: unknown, members: Members): Record<string, unknown> {
  if (value === null || typeof value !== 'object') throw serialization();
  if (Array.isArray(value)) throw serialization('Start of list found where not expected');
  const given = value as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(members)) {
    const member = Object.hasOwn(given, name) ? read(given[name], shape) : undefined;
    if (member !== undefined) result[name] = member;
  }
  return result;
}

function read(value: unknown, shape: Shape): unknown {
  if (value === null || value === undefined) return undefined;
  switch (shape.type) {
    case 'String':
      return scalar(value, 'string', 'an String');
    case 'Integer':
      return integer(value);
    case 'Boolean':
      return boolean(value);
    case 'Timestamp':
      return scalar(value, 'number', 'milliseconds since epoch');
    case 'Blob':
      return blob(scalar(value, 'string', 'a Blob') as string);
    case 'List':
      refuseScalar(value, 'Expected list or null');
      if (!Array.isArray(value)) throw serialization('Start of structure or map found where not expected.');
      return value.map((member) => read(member, shape.member) ?? null);
    case 'Map':
      refuseScalar(value, 'Expected map or null');
      refuseList(value);
      return Object.fromEntries(
        Object.entries(value).flatMap(([key, member]) => {
          const read_ = read(member, shape.value);
          return read_ === undefined ? [] : [[key, read_]];
        }),
      );
    case 'Structure':
      refuseScalar(value, 'Expected null');
      return deserialize(value, shape.members);
  }
}

function scalar(value: unknown, wanted: 'string' | 'number', target: string): unknown {
  if (typeof value === wanted) return value;
  refuseContainer(value);
  throw serialization(`class ${javaClass(value)} can not be converted to ${target}`);
}

function integer(value: unknown): number {
  const number = scalar(value, 'number', 'an Integer') as number;
  // CREATE-7: fractions are refused; the text is inferred from that for other numbers.
  if (!Number.isInteger(number))
    throw serialization(`class ${NUMBER_CLASS} can not be converted to an Integer`);
  return Math.min(Math.max(number, -2_147_483_648), 2_147_483_647);
}

function boolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  refuseContainer(value);
  if (typeof value === 'string')
    throw serialization(`'${value.toUpperCase()}' can not be converted to an Boolean`);
  throw serialization(`class ${NUMBER_CLASS} can not be converted to an Boolean`);
}

function blob(text: string): string {
  const refuse = (why: string) => serialization(`'${text}' can not be converted to a Blob: ${why}`);
  if (text.length % 4 !== 0) {
    throw refuse(`Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`);
  }
  const stray = text.match(/[^a-zA-Z0-9+/=]|=[^=]/);
  if (stray) throw refuse(`Invalid Base64 character: '${stray[0][0]}'`);
  // The misspelling is AWS's own.
  if (Buffer.from(text, 'base64').toString('base64') !== text) {
    throw refuse('Invalid last non-pad Base64 character dectected');
  }
  return text;
}

function javaClass(value: unknown): string {
  if (typeof value === 'string') return 'java.lang.String';
  return typeof value === 'boolean' ? 'java.lang.Boolean' : NUMBER_CLASS;
}

function refuseContainer(value: unknown): void {
  refuseList(value);
  if (typeof value === 'object') throw serialization('Start of structure or map found where not expected.');
}

function refuseList(value: unknown): void {
  if (Array.isArray(value)) throw serialization('Start of list found where not expected');
}

function refuseScalar(value: unknown, text: string): asserts value is object {
  if (typeof value !== 'object') throw serialization(text);
}
