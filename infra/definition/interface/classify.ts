import { inputsIn } from './members.ts';
import type { Place, Stored } from './types.ts';

/** How the bytes that are stored follow from what the client sends. */
export function storedAs(place: Place): Stored {
  if ('fixed' in place) return 'fixed';
  if ('template' in place) return 'template';
  const [first] = place.as ?? [];
  if (place.as?.at(-1) === 'base64-decoded') return 'decoded-base64';
  if (place.from === 'raw-body' || (place.from === 'body' && place.at === '')) return 'whole-body';
  return first === 'json' ? 'json-text' : 'text';
}

/** Whose a partition key is: `client`, `fixed`, `generated: requestId`, or `client or …`. */
export function keyOf(place: Place): string {
  const absent = 'whenAbsent' in place ? place.whenAbsent : undefined;
  const other = typeof absent === 'object' ? ` or ${keyOf(absent)}` : '';
  if ('fixed' in place) return 'fixed';
  const inputs = inputsIn(place);
  const ofClient = inputs.some(({ from }) => from !== 'context' && from !== 'stage-variable');
  if (ofClient) return `client${other}`;
  const names = inputs.flatMap((input) => (input.from === 'context' ? [input.name] : []));
  return names.length === 0 ? 'fixed' : `generated: ${names.join(', ')}${other}`;
}
