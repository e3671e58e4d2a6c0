import fc from 'fast-check';
import type { TemplateCase } from './case.ts';
import { jsonText, jsonValue, NO_PARAMETERS, TEXTS } from './inputs.ts';

/** Parts of the document, each by two expressions, so that a read by one has to see a change by the other. */
const MAPS = [
  '$b',
  "$input.path('$')",
  '$b.m',
  "$input.path('$.m')",
  '$b.get("m")',
  "$input.path('$.records[0]')",
];
const LISTS = [
  '$b.l',
  "$input.path('$.l')",
  "$input.path('$.records')",
  '$b.records',
  "$input.path('$..l').get(0)",
];
const KEYS = ['a', 'k', 'data', 'partition-key', 'new'];

const LOOKS = [
  "$input.json('$')",
  "$input.json('$.m')",
  "$input.json('$.l')",
  "$input.json('$.records[0]')",
  "$input.json('$..data')",
  "$input.json('$.l[*]')",
  "$input.json('$.l.length()')",
  "$input.json('$.m.k.a')",
  "$input.path('$')",
  "$input.path('$.records[0].data')",
  "$util.base64Encode($input.json('$.Data'))",
  '$b',
  '$b.l',
  '$b.m.size()',
  "#if($b == $input.path('$'))same#end",
  '#foreach($i in $b.l)$i,#end',
  "$util.parseJson($input.json('$')).m",
];

function value(maps: readonly string[], lists: readonly string[]): fc.Arbitrary<string> {
  const simple = fc.oneof(
    fc.constantFrom(...TEXTS).map((text) => `'${text}'`),
    fc.integer({ min: -3, max: 12 }).map(String),
    fc.constantFrom('true', 'false', '1.5', '2.0', '2147483648', '"x$b.n"', '$u', "$input.path('$.nil')"),
    fc.constantFrom('$b.Data', '$b.n', '$b.l.get(0)', "$input.json('$.m')"),
  );
  return fc.oneof(
    { weight: 6, arbitrary: simple },
    { weight: 1, arbitrary: simple.map((item) => `[${item}, 1]`) },
    { weight: 1, arbitrary: simple.map((item) => `{"a": ${item}, 'k': []}`) },
    { weight: 1, arbitrary: fc.constantFrom(...maps, ...lists) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('$b.m.keySet()', '$b.m.values()', '$b.l.subList(0, 1)', '$b.m.clone()'),
    },
  );
}

/** A `#set`, or a call whose result is printed. */
function change(maps: readonly string[], lists: readonly string[]): fc.Arbitrary<string> {
  const map = fc.constantFrom(...maps);
  const list = fc.constantFrom(...lists);
  const key = fc.constantFrom(...KEYS);
  const any = value(maps, lists);
  const other = fc.oneof(
    any.map((item) => `[${item}, 'a']`),
    list,
  );
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(map.map(named), key, any).map(([at, name, to]) => `#set(${at}.${name} = ${to})`),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(map.map(named), key, any).map(([at, name, to]) => `#set(${at}["${name}"] = ${to})`),
    },
    { weight: 3, arbitrary: fc.tuple(map, key, any).map(([at, name, to]) => `${at}.put('${name}', ${to})`) },
    { weight: 1, arbitrary: fc.tuple(map, any).map(([at, to]) => `${at}.put(1, ${to})`) },
    {
      weight: 1,
      arbitrary: fc.tuple(map, key, any).map(([at, name, to]) => `${at}.putAll({'${name}': ${to}, "z": 0})`),
    },
    { weight: 1, arbitrary: fc.tuple(map, map).map(([at, from]) => `${at}.putAll(${from})`) },
    { weight: 2, arbitrary: fc.tuple(map, key).map(([at, name]) => `${at}.remove('${name}')`) },
    {
      weight: 1,
      arbitrary: fc.tuple(map, key, any).map(([at, name, to]) => `${at}.putIfAbsent('${name}', ${to})`),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(map, key, any).map(([at, name, to]) => `${at}.replace('${name}', ${to})`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          map,
          fc.constantFrom(
            '.clear()',
            ".keySet().remove('k')",
            '.values().remove(1)',
            '.keySet().retainAll(["a"])',
          ),
        )
        .map(([at, call]) => at + call),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(map, any)
        .map(([at, to]) => `#foreach($e in ${at}.entrySet())$e.setValue(${to})#end`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(map, fc.constantFrom('value', 'Value', 'key', 'other'), any)
        .map(([at, name, to]) => `#foreach($e in ${at}.entrySet())#set($e.${name} = ${to})$e.Key#end`),
    },
    { weight: 3, arbitrary: fc.tuple(list, any).map(([at, to]) => `${at}.add(${to})`) },
    { weight: 1, arbitrary: fc.tuple(list, any).map(([at, to]) => `${at}.add(0, ${to})`) },
    { weight: 1, arbitrary: fc.tuple(list, other).map(([at, to]) => `${at}.addAll(${to})`) },
    { weight: 2, arbitrary: fc.tuple(list, any).map(([at, to]) => `${at}.set(0, ${to})`) },
    { weight: 1, arbitrary: fc.tuple(list.map(named), any).map(([at, to]) => `#set(${at}[0] = ${to})`) },
    { weight: 1, arbitrary: fc.tuple(list, other).map(([at, to]) => `${at}.removeAll(${to})`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          list,
          fc.constantFrom(
            '.remove(0)',
            ".remove('a')",
            '.clear()',
            '.subList(0, 1).clear()',
            '.subList(0, 1).add(9)',
          ),
        )
        .map(([at, call]) => at + call),
    },
  );
}

/** Velocity assigns only to members of a variable. */
function named(place: string): string {
  return place.startsWith('$input') ? '$b.m' : place;
}

function loop(): fc.Arbitrary<string> {
  const over = fc.constantFrom(...LISTS, '$b.m', '$b.m.entrySet()', '$b.records[0].keySet()');
  const inside = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: change(['$r', '$r.deep'], ['$r.list']) },
      // Java ends a loop with an error if the size of its list changes.
      { weight: 1, arbitrary: change(MAPS, LISTS) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          '$r',
          '#if($foreach.hasNext),#end',
          '$foreach.last',
          '$foreach.hasNext()',
          ...LOOKS,
        ),
      },
    ),
    { minLength: 1, maxLength: 3 },
  );
  return fc.tuple(over, inside).map(([list, parts]) => `#foreach($r in ${list})${parts.join('')}#end`);
}

const body = fc
  .record(
    {
      m: fc.dictionary(fc.constantFrom('a', 'k', 'x y', '10', '2', 'class name'), jsonValue, { maxKeys: 3 }),
      l: fc.array(jsonValue, { minLength: 1, maxLength: 3 }),
      records: fc.array(
        fc.record(
          { data: jsonValue, 'partition-key': jsonValue, deep: fc.constant({}), list: fc.constant([1]) },
          { requiredKeys: [] },
        ),
        { minLength: 1, maxLength: 3 },
      ),
      Data: jsonValue,
      n: fc.constantFrom(1, 1.5, 2147483648, -3),
      nil: fc.constant(null),
    },
    { requiredKeys: ['m', 'l', 'records'] },
  )
  .chain(jsonText);

/** Templates that change the result of `$input.path`, and read it by every expression. */
export const documentCase: fc.Arbitrary<TemplateCase> = fc.record({
  template: fc
    .array(
      fc.oneof(
        { weight: 5, arbitrary: change(MAPS, LISTS) },
        { weight: 3, arbitrary: fc.constantFrom(...LOOKS) },
        { weight: 1, arbitrary: loop() },
      ),
      { minLength: 1, maxLength: 5 },
    )
    .map((parts) => `#set($b = $input.path('$'))${parts.join('|')}|$input.json('$')`),
  body,
  variables: fc.constant('{}'),
  params: fc.constant(NO_PARAMETERS),
});
