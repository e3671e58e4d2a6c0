import { inputsIn } from '../../infra/definition/interface/members.ts';
import { isInput } from '../../infra/definition/interface/places.ts';
import type { Input, Place } from '../../infra/definition/interface/types.ts';

/** Bytes of a parameter; headers and request line together may have 10,240 (docs/facts/gateway.md#limits). */
const MAX_PARAMETER = 2_048;

/** Whether a client can send a text in any of the inputs that a place reads. */
export function maySend(place: Place | undefined, text: string): boolean {
  const inputs = place === undefined ? [] : inputsIn(place).filter(isInput);
  return inputs.length === 0 || inputs.some((input) => carries(input, text));
}

/** Headers are visible ASCII (RFC 9110), path segments are not empty, and neither they nor a query may be long. */
function carries({ from }: Input, text: string): boolean {
  if (from === 'header' && !/^[!-~](?:[ -~]*[!-~])?$/.test(text)) return false;
  if (from === 'path' && text === '') return false;
  const isParameter = from === 'header' || from === 'path' || from === 'query';
  return !isParameter || encodeURIComponent(text).length <= MAX_PARAMETER;
}
