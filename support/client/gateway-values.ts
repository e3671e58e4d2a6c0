import { isGatewaysHeader } from '../../infra/definition/interface/places.ts';

/** Lower-case letters and digits, which no encoding changes. */
const MARK = /kpcmadeup([0-9a-f]+)z/g;
const BETWEEN = /kpcmadeup[0-9a-f]+z/;

/** Placeholders for the values of one request that the gateway generates: they are known only once they are stored. */
export class GatewayValues extends Map<string, string> {
  readonly #prefix: string;

  /** @param prefix the prefix of header names among the entries; empty if all requested values are generated. */
  constructor(prefix: string, entries: Iterable<readonly [string, string]>) {
    super(entries);
    this.#prefix = prefix;
  }

  override get(name: string): string | undefined {
    const isHeader = this.#prefix !== '' && name.startsWith(this.#prefix);
    const isGatewayValue =
      this.#prefix === '' || (isHeader && isGatewaysHeader(name.slice(this.#prefix.length)));
    return isGatewayValue ? markOf(name.slice(this.#prefix.length)) : super.get(name);
  }
}

function markOf(name: string): string {
  return `kpcmadeup${Buffer.from(name).toString('hex')}z`;
}

/** Whether a stored text is the expected one, with any value in place of each mark. */
export function matchesStored(told: string, stored: string): boolean {
  if (told === stored) return true;
  const [first = '', ...rest] = told.split(BETWEEN);
  const last = rest.pop();
  if (last === undefined || !stored.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = stored.indexOf(part, from);
    if (at < 0 || !isGatewayValue(stored.slice(from, at))) return false;
    from = at + part.length;
  }
  const end = stored.length - last.length;
  return end >= from && stored.endsWith(last) && isGatewayValue(stored.slice(from, end));
}

/** The forms of generated values: addresses, ids, times, names. */
function isGatewayValue(text: string): boolean {
  return !/["\n]/.test(text);
}

/** The expected text for readers. */
export function readable(told: string): string {
  return told.replaceAll(MARK, (_, hex: string) => `<${Buffer.from(hex, 'hex').toString()}>`);
}

/** The expected text with digits in place of placeholders, so that it is JSON if the stored text is. */
export function asText(told: string): string {
  return told.replaceAll(MARK, '0');
}
