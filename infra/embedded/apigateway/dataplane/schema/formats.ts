import { isIPv4, isIPv6 } from 'node:net';

/** The error for a text that violates the format; undefined if the text is valid. */
type FormatCheck = (text: string) => string | undefined;

/** The formats that the Java validator supports for draft 4, with its messages. */
export const FORMATS: Readonly<Record<string, FormatCheck>> = {
  base64,
  'date-time': check(
    isDateTime,
    (text) =>
      `string "${text}" is invalid against requested date format(s) ` +
      "[yyyy-MM-dd'T'HH:mm:ssZ, yyyy-MM-dd'T'HH:mm:ss.[0-9]{1,12}Z]",
  ),
  email: check(isEmail, (text) => `string "${text}" is not a valid email address`),
  hostname: check(isHostName, (text) => `string "${text}" is not a valid hostname`),
  ipv4: check(
    (text) => isIPv4(text) || isMappedIPv4(text),
    (text) => `string "${text}" is not a valid IPv4 address`,
  ),
  ipv6: check(
    (text) => isIPv6(address(text)) && !isMappedIPv4(text),
    (text) => `string "${text}" is not a valid IPv6 address`,
  ),
  'json-pointer': check(
    (text) => /^(?:\/(?:[^~/]|~[01])*)*$/s.test(text),
    (text) => `input string "${text}" is not a valid JSON Pointer`,
  ),
  mac: check(
    (text) => /^[A-Za-z0-9]{2}(?::[A-Za-z0-9]{2}){5}$/.test(text),
    (text) => `input string "${text}" is not a valid MAC address`,
  ),
  md5: hexadecimal(32),
  regex: check(isRegex, (text) => `string "${text}" is not a valid ECMA 262 regular expression`),
  sha1: hexadecimal(40),
  sha256: hexadecimal(64),
  sha512: hexadecimal(128),
  uri: check(isUri, (text) => `string "${text}" is not a valid URI`),
  uuid: check(
    (text) => text.length <= 36 && /^[0-9a-f]+(?:-[0-9a-f]+){4}$/i.test(text),
    (text) => `input string "${text}" is not a valid UUID`,
  ),
};

function check(isValid: (text: string) => boolean, complain: (text: string) => string): FormatCheck {
  return (text) => (isValid(text) ? undefined : complain(text));
}

/** Accepts an offset with or without a colon, and only dates that exist (Joda-Time). */
function isDateTime(text: string): boolean {
  const [, year, month, day, hour, minute, second, offsetHour = '0', offsetMinute = '0'] = (
    /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d{1,12})?(?:[Zz]|[+-](\d\d)(?::?(\d\d)(?::?[0-5]\d(?:\.?\d{1,3})?)?)?)$/.exec(
      text,
    ) ?? []
  ).map((part) => part ?? '0');
  if (year === undefined) return false;
  const days = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate();
  return (
    inRange(month, 1, 12) &&
    inRange(day, 1, days) &&
    inRange(hour, 0, 23) &&
    inRange(minute, 0, 59) &&
    inRange(second, 0, 59) &&
    inRange(offsetHour, 0, 23) &&
    inRange(offsetMinute, 0, 59)
  );
}

function inRange(text: string | undefined, least: number, most: number): boolean {
  return Number(text) >= least && Number(text) <= most;
}

/** One address, with or without a display name; quoted local parts and address literals are not checked further. */
function isEmail(text: string): boolean {
  const address = /^[^<>@,]*<([^<>]*)>$/.exec(text.trim())?.[1] ?? text.trim();
  const [local = '', domain = '', ...more] = address.split('@');
  if (more.length > 0) return false;
  const isDotted = (part: string) => !/^\.|\.$|\.\.|^$/.test(part);
  const isLocal = /^[!-~\u0080-\uffff]*$/.test(local) && !/[()<>,;:\\"[\]]/.test(local);
  return isLocal && isDotted(local) && isDotted(domain) && /^[\p{L}\p{N}.-]*$/u.test(domain);
}

/**
 * Labels of letters, digits, dashes, underscores and any non-ASCII characters; the last does not start with a digit
 * (Guava).
 */
function isHostName(text: string): boolean {
  const name = text.replace(/[.。．｡]$/, '').replace(/[。．｡]/g, '.');
  const labels = name.split('.');
  const isLabel = (label: string) =>
    label.length <= 63 && /^[\w\u0080-\uffff-]+$/.test(label) && !/^[_-]|[_-]$/.test(label);
  return name.length <= 253 && labels.every(isLabel) && !/^\d/.test(labels.at(-1) ?? '');
}

/** An IPv6 address without its zone and leading zeros. */
function address(text: string): string {
  return text.replace(/%.*$/s, '').replace(/(^|:)0+(?=[0-9a-f]+(?::|$))/gi, '$1');
}

/** Java treats an IPv4-mapped IPv6 address as the IPv4 address. */
function isMappedIPv4(text: string): boolean {
  if (!isIPv6(address(text))) return false;
  return /^(?:(?:0{1,4}:){5}|(?:0{1,4}:){0,4}:(?:0{1,4}:){0,4}|::)ffff:(?:[\d.]+|[0-9a-f]{1,4}:[0-9a-f]{1,4})$/i.test(
    text,
  );
}

function isRegex(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** RFC 2396 as java.net.URI reads it: relative references are URIs, and letters beyond ASCII are allowed. */
function isUri(text: string): boolean {
  if (/[\p{Cc}\p{Z}"<>\\^`{|}]/u.test(text)) return false;
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return false;
  const [body = '', ...fragments] = text.split('#');
  if (fragments.length > 1) return false;
  const [, scheme, rest = body] = /^([^/?#:]*):(.*)$/s.exec(body) ?? [];
  if (scheme !== undefined && (!/^[A-Za-z][A-Za-z0-9+.-]*$/.test(scheme) || rest === '')) return false;
  const [, authority, path = rest] = /^\/\/([^/?]*)(.*)$/s.exec(rest) ?? [];
  if (authority === '' && path === '' && fragments.length === 0) return false;
  const literal = /^(?:[^[\]]*@)?\[([^[\]]+)\](?::\d*)?$/.exec(authority ?? '')?.[1];
  if (/[[\]]/.test(authority ?? '') && !isIPv6(literal ?? '')) return false;
  return !/[[\]]/.test(path.split('?')[0] ?? '');
}

function base64(text: string): string | undefined {
  if (text.length % 4 !== 0)
    return `input has illegal length (must be a multiple of 4, found ${text.length})`;
  const at = text.replace(/==?$/, '').search(/[^A-Za-z0-9+/]/);
  return at < 0 ? undefined : `illegal character "${text[at]}" at index ${at} (not in Base64 alphabet)`;
}

function hexadecimal(length: number): FormatCheck {
  return (text) => {
    if (text.length !== length)
      return `input string has incorrect length (${text.length}, expected ${length})`;
    const at = text.search(/[^0-9a-fA-F]/);
    return at < 0 ? undefined : `illegal character "${text[at]}" in input at index ${at}`;
  };
}
