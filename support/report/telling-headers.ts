import { inputsIn } from '../../infra/definition/interface/members.ts';
import { placesIn } from '../../infra/definition/interface/places.ts';
import type { Exchange } from '../client/exchange.ts';
import type { Results, ScenarioResult } from '../run/results.ts';
import { calls } from './cause.ts';

type Side = 'request' | 'response';

const MEDIA_TYPE = { request: ['Content-Type'], response: ['Content-Type'] };
const TRACE = ['X-Amzn-Trace-Id'];
const ITERATOR = { request: ['Shard-Iterator'] };
/** The headers that clauses are about. */
const OF_CLAUSES: Readonly<Record<string, Partial<Record<Side, readonly string[]>>>> = {
  'DEF-8': MEDIA_TYPE,
  'GET-3': ITERATOR,
  'GET-8': ITERATOR,
  'GET-9': ITERATOR,
  'GW-2': { response: ['Content-Type', 'x-amzn-RequestId', 'x-amz-apigw-id', ...TRACE] },
  'GW-4': MEDIA_TYPE,
  'GW-5': MEDIA_TYPE,
  'GW-7': MEDIA_TYPE,
  'GW-11': { request: TRACE, response: TRACE },
  'SAFE-12': MEDIA_TYPE,
  'SAFE-13': MEDIA_TYPE,
  'SAFE-15': {
    request: ['Origin'],
    response: ['Access-Control-Allow-Origin', 'Access-Control-Allow-Methods', 'Access-Control-Allow-Headers'],
  },
};
export const CLAUSES_WITH_HEADERS: readonly string[] = Object.keys(OF_CLAUSES);
/** Headers that say why a call was refused; no clause asks for them. */
const OF_ERRORS = ['x-amzn-ErrorType', 'Retry-After', 'WWW-Authenticate'];

/**
 * The headers of a call that a failed scenario is about, `Name: value` or `no Name` each: those that its clauses speak
 * of, those that its reason names, those that the API reads, and those by which an error tells its cause.
 */
export function tellingHeaders(
  { clauses, reason = '' }: Pick<ScenarioResult, 'clauses' | 'reason'>,
  exchange: Exchange,
  side: Side,
  api?: Results['interface'],
): string[] {
  const asked = clauses.flatMap((id) => OF_CLAUSES[id]?.[side] ?? []);
  const found = Object.keys(exchange[side].headers);
  // Names such as `date` and `server` are also words of other sentences.
  const named = found.filter((name) => name.includes('-') && isWordIn(reason, name));
  const ofErrors =
    side === 'response' ? found.filter((name) => OF_ERRORS.some((one) => alike(one, name))) : [];
  const read =
    side === 'request' ? readBy(api, exchange).filter((name) => found.some((one) => alike(one, name))) : [];
  const names = [...asked, ...named, ...read, ...ofErrors];
  return names
    .filter((name, index) => names.findIndex((other) => alike(name, other)) === index)
    .map((name) => {
      const [, value] = Object.entries(exchange[side].headers).find(([other]) => alike(name, other)) ?? [];
      return value === undefined ? `no ${name}` : `${name}: ${value}`;
    });
}

/** The headers in which the called method takes values of the client's. */
function readBy(api: Results['interface'], { request }: Exchange): string[] {
  const isCalled = calls(request);
  return (api?.calls ?? [])
    .filter(({ method, path }) => isCalled(`${method} ${path}`))
    .flatMap(placesIn)
    .flatMap(inputsIn)
    .flatMap((input) => (input.from === 'header' ? [input.name] : []));
}

function alike(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isWordIn(text: string, name: string): boolean {
  return ` ${text.toLowerCase()} `.split(/[^\w-]+/).includes(name.toLowerCase());
}
