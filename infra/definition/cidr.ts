import { isIPv4, isIPv6 } from 'node:net';

const MAX_BLOCKS = 256;

/**
 * The result of `Fn::Cidr`: the first `count` subnets with `bits` host bits of a block such as `10.0.0.0/16`.
 * @returns undefined if the block is invalid or too small.
 */
export function subnets(block: string, count: number, bits: number): string[] | undefined {
  const [address = '', prefix = ''] = block.split('/');
  const width = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0;
  const room = width - Number(prefix) - bits;
  const isWhole = [count, bits, Number(prefix)].every((number) => Number.isInteger(number) && number >= 0);
  if (width === 0 || prefix === '' || !isWhole || count < 1 || count > MAX_BLOCKS) return undefined;
  if (room < 0 || BigInt(count) > 1n << BigInt(room)) return undefined;
  const mask = BigInt(width - Number(prefix));
  const base = ((width === 32 ? numberOf4(address) : numberOf6(address)) >> mask) << mask;
  return Array.from({ length: count }, (_, index) => {
    const start = base + (BigInt(index) << BigInt(bits));
    return `${width === 32 ? textOf4(start) : textOf6(start)}/${width - bits}`;
  });
}

const numberOf4 = (address: string) =>
  address.split('.').reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);

const textOf4 = (value: bigint) => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');

function numberOf6(address: string): bigint {
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(zeros).fill('0'), ...after].reduce(
    (sum, group) => (sum << 16n) + BigInt(`0x${group}`),
    0n,
  );
}

/** Formats an IPv6 address; `new URL` shortens it. */
function textOf6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
