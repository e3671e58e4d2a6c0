/**
 * What the suite uses of `node:http`. An import of that module evaluates all of its exports, WebSocket among them, for which
 * Node loads its own undici: a fiftieth of a whole run (measured).
 */
export const { createServer, STATUS_CODES, validateHeaderName, validateHeaderValue } =
  process.getBuiltinModule('node:http');
