import type { Json } from '../types.ts';
import { CONTEXT_NAMES } from './discover.ts';
import { type Sample, sampleOf } from './sample.ts';
import { buildBody, OTHER } from './shape.ts';
import type { Asked } from './trace.ts';
import type { Input } from './types.ts';

/** The inputs of one method, and samples of them. */
export interface Inputs {
  /** The names of the client's values, such as `query:limit` or `body:/records/*\/data`. */
  readonly names: readonly string[];
  /** Those of the parameters that a template or mapping reads by name; `names` has all of the path. */
  readonly read: ReadonlySet<string>;
  /** JSON pointers to the lists in the samples' bodies. */
  readonly lists: readonly string[];
  readonly stageVariables: readonly string[];
  readonly context: readonly string[];
  /**
   * A request in which every input has a unique marker.
   * @param seed one character: samples with different seeds share no marker.
   * @param change returns another value for the input of that name, or undefined to leave it out.
   */
  sample(seed: string, change?: (name: string, marker: string) => Json | undefined): Sample;
}

/** The method's parameters by place, from its path and its declared parameters. */
export interface Declared {
  readonly path: ReadonlySet<string>;
  readonly query: ReadonlySet<string>;
  readonly header: ReadonlySet<string>;
}

/** @param text the method's templates and mappings; members of `$context` that do not occur there are not inputs. */
export function inputsOf(
  asked: Asked,
  declared: Declared,
  stageVariables: Readonly<Record<string, string>>,
  text: string,
): Inputs {
  const read = new Set([...asked.params].map((name) => resolved(name, declared)));
  const params = [...new Set([...[...declared.path].map((name) => `path:${name}`), ...read])];
  // Where these show up, the template goes through whatever parameters there are.
  const unasked = /params\(\s*\)/.test(text) ? [`query:${OTHER}`, `header:${OTHER}`] : [];
  const { leaves } = buildBody(asked.root, () => '');
  const named = CONTEXT_NAMES.filter((name) => text.includes(name.split('.').at(-1) as string));
  const context = [...named, ...asked.context];
  const unknown = [...asked.stageVariables].filter((name) => !Object.hasOwn(stageVariables, name));
  return {
    read,
    names: [...params, ...new Set(leaves.map(({ pattern }) => `body:${pattern}`))],
    lists: listsIn(asked),
    stageVariables: unknown,
    context,
    sample: (seed, change = (_name, marker) => marker) => {
      let drawn = 0;
      const draw = () => {
        drawn += 1;
        return markerOf(seed, drawn);
      };
      const given = new Map<string, string>();
      for (const name of [...params, ...unasked]) {
        const value = change(name, draw());
        if (value !== undefined) given.set(name, typeof value === 'string' ? value : JSON.stringify(value));
      }
      const { body } = buildBody(asked.root, ({ pattern }) => change(`body:${pattern}`, draw()));
      const variables = unknown.map((name) => [name, draw()]);
      const known = new Map(context.map((name) => [name, name === EPOCH ? numberOf(draw()) : draw()]));
      return sampleOf(given, body, known, { ...stageVariables, ...Object.fromEntries(variables) });
    },
  };
}

/** Converts an input's name to an Input. */
export function inputOf(name: string): Input {
  const [from = '', rest = ''] = name.split(/:(.*)/s);
  if (from === 'body') return { from: 'body', at: rest };
  return { from: from as 'path' | 'query' | 'header', name: rest };
}

/**
 * A marker is the base64 of a unique text, so that it can be recognised encoded, decoded and unchanged. It contains no
 * character that any encoding of a text changes.
 */
function markerOf(seed: string, number: number): string {
  const key = `k${seed}${number.toString(36).padStart(3, '0')}Zq7x`;
  const known = markers.get(key);
  if (known !== undefined) return known;
  const marker = Buffer.from(key).toString('base64');
  markers.set(key, marker);
  return marker;
}

/** Caches markers: every method uses the same few hundred. */
const markers = new Map<string, string>();

/** The only member of `$context` that is a number, with which templates calculate. */
const EPOCH = 'requestTimeEpoch';

/**
 * A marker that is a number: as unique as the marker, and within the range of Java's integers. Its last digits depend
 * on the seed, so that results calculated from it, such as remainders, differ between seeds.
 */
export function numberOf(marker: string): string {
  const [, seed = '0', number = '0'] = /^k(.)(.{3})/.exec(Buffer.from(marker, 'base64').toString()) ?? [];
  const ofSeed = seed.charCodeAt(0);
  const last = String((ofSeed * 137 + 74) % 1_000).padStart(3, '0');
  return `1${ofSeed % 10}${String(parseInt(number, 36)).padStart(5, '0')}${last}`;
}

/** Where `$input.params(NAME)` finds a parameter: it searches the path, then the query, then the headers. */
function resolved(name: string, declared: Declared): string {
  if (!name.startsWith('any:')) return name;
  const bare = name.slice('any:'.length);
  if (declared.path.has(bare)) return `path:${bare}`;
  if (declared.query.has(bare)) return `query:${bare}`;
  // An undeclared one may be in either; a name such as `X-Source` looks like a header.
  return declared.header.has(bare) || /^[A-Z]\w*(?:-[A-Z]\w*)+$/.test(bare)
    ? `header:${bare}`
    : `query:${bare}`;
}

function listsIn({ root }: Asked): string[] {
  const lists: string[] = [];
  const walk = (shape: Asked['root'], pointer: string): void => {
    if (shape.kind === 'list') {
      lists.push(pointer);
      walk(shape.item, `${pointer}/0`);
    }
    if (shape.kind === 'object')
      for (const [name, member] of shape.members)
        walk(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  };
  walk(root, '');
  return lists;
}
