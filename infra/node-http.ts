/**
 * What the suite uses of `node:http`. An import of that module evaluates all of its exports, WebSocket among them, for which
 * Node loads its own undici: 33 ms of CPU at each start (measured).
 */
export const { createServer, STATUS_CODES, validateHeaderName, validateHeaderValue } =
  process.getBuiltinModule('node:http');
