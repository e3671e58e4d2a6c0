import type { Header } from '../../http.ts';
import { KEPT_BACK } from './method-request.ts';

/** Also renamed, in addition to list H (docs/facts/gateway.md#response-headers, LS-T:integrations). */
const ALSO_REMAPPED: ReadonlySet<string> = new Set(['authorization', 'date', 'host', 'user-agent']);

/**
 * Mapped headers as the client gets them: the gateway's own are renamed, Transfer-Encoding is dropped, the last of a
 * name wins, and Content-Type defaults to application/json (docs/facts/gateway.md#response-headers).
 */
export function respondedHeaders(mapped: readonly Header[]): readonly Header[] {
  const headers = new Map<string, Header>([['content-type', ['Content-Type', 'application/json']]]);
  for (const [name, value] of mapped) {
    const key = name.toLowerCase();
    if (key === 'transfer-encoding') continue;
    const owned = KEPT_BACK.has(key) || ALSO_REMAPPED.has(key);
    headers.set(key, [owned ? `x-amzn-Remapped-${name}` : name, value]);
  }
  return [...headers.values()];
}
