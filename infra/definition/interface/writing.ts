import type { Encoding, Input, Place, RecordPlaces, Records } from './types.ts';

/**
 * Writes places as mapping templates, for tests that derive them again. `choose` selects one of the common styles for
 * each place.
 */
export class TemplateWriter {
  readonly #choose: (count: number) => number;
  readonly #sets: string[] = [];
  #variables = 0;
  #inLoop = false;

  /** @param choose returns an integer from 0 to below its argument. */
  constructor(choose: (count: number) => number) {
    this.#choose = choose;
  }

  /** Writes the template of a request with these members. */
  request(members: Readonly<Record<string, Place>>, records: Records | undefined): string {
    const written = Object.entries(members).map(([name, place]) => this.#member(name, place));
    if (records) written.push(`"Records": [${this.#records(records)}]`);
    const separator = this.#one([', ', ',\n    ']);
    return `${this.#sets.join('\n')}${this.#sets.length > 0 ? '\n' : ''}{${written.join(separator)}}`;
  }

  #one<T>(some: readonly T[]): T {
    return some[this.#choose(some.length)] as T;
  }

  #member(name: string, place: Place): string {
    if (name === 'Data') return `"Data": "${this.#data(place)}"`;
    if ('fixed' in place && place.given === undefined) return `"${name}": ${JSON.stringify(place.fixed)}`;
    if ('from' in place && place.whenAbsent === 'omitted') {
      const value = this.#input(place);
      return `#if(${value} != '')"${name}": "${this.#printed(value)}",#end"Kept${name}": 1`;
    }
    return `"${name}": "${this.#text(place)}"`;
  }

  /** Writes stored data as the base64 that Kinesis requires. */
  #data(place: Place): string {
    if ('from' in place && place.as?.at(-1) === 'base64-decoded')
      return this.#printed(this.#encoded(place, place.as.slice(0, -1)));
    if ('fixed' in place) return Buffer.from(String(place.fixed)).toString('base64');
    return `$util.base64Encode(${'template' in place ? this.#built(place.template) : this.#encoded(place, place.as ?? [])})`;
  }

  #text(place: Place): string {
    if ('fixed' in place) {
      if (place.given === undefined || typeof place.whenAbsent !== 'object') return String(place.fixed);
      const name = this.#set(this.#input(place.given));
      return `#if($${name} && $${name} != '')${place.fixed}#{else}${this.#text(place.whenAbsent)}#end`;
    }
    if ('template' in place)
      return place.template
        .map((part) => (typeof part === 'string' ? part : formal(this.#text(part))))
        .join('');
    const value = this.#encoded(place, place.as ?? []);
    if (typeof place.whenAbsent !== 'object') return this.#printed(value);
    const name = this.#set(value);
    return `#if($${name} && $${name} != '')$${name}#{else}${this.#text(place.whenAbsent)}#end`;
  }

  /** Writes a text between the template language's double quotes, or in a variable. */
  #built(parts: readonly (string | Place)[]): string {
    const text = parts
      .map((part) => (typeof part === 'string' ? part : `\${${this.#set(this.#valueOf(part))}}`))
      .join('');
    return this.#inLoop || this.#choose(2) === 0 ? `"${text}"` : `$${this.#set(`"${text}"`)}`;
  }

  #valueOf(place: Place): string {
    if (!('from' in place)) throw new Error('only inputs stand inside of a built text');
    return this.#encoded(place, place.as ?? []);
  }

  /** `$x` and `${x}` print alike. */
  #printed(value: string): string {
    return this.#inLoop || this.#choose(3) > 0 ? value : `\${${this.#set(value)}}`;
  }

  /** Inside a loop, sets variables where they are used. */
  #set(value: string): string {
    this.#variables += 1;
    const name = `v${this.#variables}`;
    if (this.#inLoop) this.#loopSets.push(`#set($${name} = ${value})`);
    else this.#sets.push(this.#one([`#set($${name} = ${value})`, `#set( $${name}=${value} )`]));
    return name;
  }

  #loopSets: string[] = [];

  #encoded(input: Input, encodings: readonly Encoding[]): string {
    const [first, ...rest] = encodings;
    if ('put' in input) this.#putAll(input.put as Readonly<Record<string, Place>>);
    if (first === 'json') return rest.reduce(encodedBy, this.#json(input));
    return encodings.reduce(encodedBy, this.#input(input));
  }

  /** Puts members into the body, which the JSON of the body then has. */
  #putAll(members: Readonly<Record<string, Place>>): void {
    for (const [at, place] of Object.entries(members)) {
      const value = 'fixed' in place ? JSON.stringify(place.fixed) : this.#valueOf(place);
      this.#variables += 1;
      this.#sets.push(
        this.#choose(2) === 0
          ? `#set($p${this.#variables} = ${this.#hoistedBody()}.put("${at.slice(1)}", ${value}))`
          : `#set($${this.#hoisted("$input.path('$')")}.${at.slice(1)} = ${value})`,
      );
    }
  }

  #hoistedBody(): string {
    return this.#choose(2) === 0 ? "$input.path('$')" : `$${this.#hoisted("$input.path('$')")}`;
  }

  #json(input: Input): string {
    if (input.from === 'element') return `$input.json("${this.#list}[$foreach.index]${dotted(input.at)}")`;
    if (input.from !== 'body') throw new Error('only the body has JSON');
    return `$input.json('$${dotted(input.at)}')`;
  }

  #list = '';

  #input(input: Input): string {
    switch (input.from) {
      case 'path':
        return this.#one([`$input.params('${input.name}')`, `$input.params().path.get('${input.name}')`]);
      case 'query':
        return this.#one([
          `$input.params('${input.name}')`,
          `$input.params().querystring.get('${input.name}')`,
          `$input.params().querystring.${input.name}`,
          `$input.params("${input.name}")`,
        ]);
      case 'header':
        return this.#one([`$input.params().header.get('${input.name}')`, `$input.params('${input.name}')`]);
      case 'body':
        return this.#body(input.at);
      case 'element':
        return `$e${dotted(input.at)}`;
      case 'raw-body':
        return '$input.body';
      case 'context':
        return `$context.${input.name}`;
      case 'stage-variable':
        return `$stageVariables.${input.name}`;
    }
  }

  #body(at: string): string {
    const path = dotted(at);
    switch (this.#choose(4)) {
      case 0:
        return `$${this.#hoisted("$input.path('$')")}${path}`;
      case 1:
        return `$${this.#hoisted('$util.parseJson($input.body)')}${path}`;
      case 2:
        return `$input.path("$${path}")`;
      default:
        return `$input.path('$${path}')`;
    }
  }

  /** Sets a variable outside any loop. */
  #hoisted(value: string): string {
    this.#variables += 1;
    this.#sets.push(`#set($b${this.#variables} = ${value})`);
    return `b${this.#variables}`;
  }

  #records(records: Records): string {
    if ('written' in records) return records.written.map((record) => this.#record(record)).join(', ');
    if (!('at' in records.list)) throw new Error('a list stands in the body');
    this.#list = `$${dotted(records.list.at)}`;
    const list = this.#body(records.list.at);
    this.#inLoop = true;
    this.#loopSets = [];
    const record = this.#record(records.element);
    this.#inLoop = false;
    const end = this.#one([
      '#if($foreach.hasNext),#end',
      '#if( $foreach.hasNext ), #{end}',
      '#if($velocityHasNext),#end',
    ]);
    return `#foreach($e in ${list})${this.#loopSets.join('')}${record}${end}\n#end`;
  }

  #record(record: RecordPlaces): string {
    const members = [
      ...(record.data ? [this.#member('Data', record.data)] : []),
      ...(record.partitionKey ? [this.#member('PartitionKey', record.partitionKey)] : []),
    ];
    return `{${members.join(', ')}}`;
  }
}

/** Writes a reference in braces, which ends there whatever text follows. */
function formal(reference: string): string {
  return reference.startsWith('${') ? reference : `\${${reference.slice(1)}}`;
}

function dotted(pointer: string): string {
  return pointer.replaceAll('/', '.');
}

function encodedBy(value: string, encoding: Encoding): string {
  switch (encoding) {
    case 'lower-case':
      return `${value}.toLowerCase()`;
    case 'upper-case':
      return `${value}.toUpperCase()`;
    case 'escape-json':
      return `$util.escapeJavaScript(${value}).replaceAll("\\\\'", "'")`;
    case 'json':
      throw new Error('JSON comes first');
    default:
      return `$util.${FUNCTIONS[encoding]}(${value})`;
  }
}

const FUNCTIONS = {
  base64: 'base64Encode',
  'base64-decoded': 'base64Decode',
  'escape-javascript': 'escapeJavaScript',
  'url-encoded': 'urlEncode',
  'url-decoded': 'urlDecode',
} as const;
