import { inputsIn } from './members.ts';
import { isInput } from './places.ts';
import type { Interface, Place, Stored } from './types.ts';

/** How the stored bytes follow from what the client sends. */
export function storedAs(place: Place): Stored {
  if ('fixed' in place) return 'fixed';
  if ('template' in place) return 'template';
  const [first] = place.as ?? [];
  if (place.as?.at(-1) === 'base64-decoded') return 'decoded-base64';
  if (place.from === 'raw-body' || (place.from === 'body' && place.at === '')) return 'whole-body';
  return first === 'json' ? 'json-text' : 'text';
}

/** Where a partition key comes from: `client`, `fixed`, `generated: requestId`, or `client or …`. */
export function keyOf(place: Place): string {
  const absent = 'whenAbsent' in place ? place.whenAbsent : undefined;
  const other = typeof absent === 'object' ? ` or ${keyOf(absent)}` : '';
  if ('fixed' in place) return other === ' or fixed' ? 'fixed' : `fixed${other}`;
  const inputs = inputsIn(place);
  if (inputs.some(isInput)) return `client${other}`;
  const names = inputs.flatMap((input) =>
    input.from === 'context' || input.from === 'header' ? [input.name] : [],
  );
  return names.length === 0 ? 'fixed' : `generated: ${names.join(', ')}${other}`;
}

const TUTORIAL: readonly (readonly [action: string, method: string, path: string])[] = [
  ['ListStreams', 'GET', '/streams'],
  ['DescribeStream', 'GET', '/streams/{stream-name}'],
  ['CreateStream', 'POST', '/streams/{stream-name}'],
  ['DeleteStream', 'DELETE', '/streams/{stream-name}'],
  ['PutRecord', 'PUT', '/streams/{stream-name}/record'],
  ['PutRecords', 'PUT', '/streams/{stream-name}/records'],
  ['GetRecords', 'GET', '/streams/{stream-name}/records'],
  ['GetShardIterator', 'GET', '/streams/{stream-name}/sharditerator'],
];

/** Whether the API has all eight of the tutorial's methods at the tutorial's paths, whatever their templates do. */
export function hasTutorialShape({ calls }: Pick<Interface, 'calls'>): boolean {
  return TUTORIAL.every(([action, method, path]) =>
    calls.some((call) => call.action === action && call.method === method && call.path === path),
  );
}
