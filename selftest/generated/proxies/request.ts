import { type CallShape, type ClientValue, type DataShape, isClients, type Value } from './proxy.ts';

/** A placeholder for the name of the stream that the template declares. */
export const DECLARED = '@declared-stream@';

/** Removes the escapes of `escapeJavaScript` that are not valid JSON. */
const UNESCAPED = `.replaceAll("\\\\'", "'")`;
const NUMBER = '(0|[1-9][0-9]{0,8})';

/** The mapping template of a method's requests. */
export function requestTemplate(call: CallShape): string {
  return new Writer(call).text();
}

class Writer {
  readonly #call: CallShape;
  #before: string[] = [];
  #variables = 0;
  #body: string | undefined;

  constructor(call: CallShape) {
    this.#call = call;
  }

  text(): string {
    const { members, record, list, spacing } = this.#call;
    // An optional member prints its own separator.
    const entries = Object.entries(members);
    const optional = entries.filter(([, value]) => isOptional(value));
    const written = entries
      .filter(([, value]) => !isOptional(value))
      .map(([name, value]) => this.#member(name, value));
    if (record && list === undefined) written.push(...this.#record(record));
    if (list) written.push(`"Records": [${this.#records(list)}]`);
    const rest = optional.map(([name, value]) =>
      this.#optional(name, value as ClientValue, written.length === 0),
    );
    const [separator, around] = SPACINGS[spacing % SPACINGS.length] as readonly [string, string];
    const needsBetween = written.length === 0 && optional.length > 0;
    const head = [...this.#before, ...(needsBetween ? ["#set($between = '')"] : [])]
      .map((line) => `${line}\n`)
      .join('');
    return `${head}{${around}${written.join(separator)}${rest.join('')}${around}}`;
  }

  #member(name: string, value: Value): string {
    return `"${name}": ${this.#value(value)}`;
  }

  #value(value: Value): string {
    if ('declared' in value) return `"${DECLARED}"`;
    if ('given' in value) return `"${value.given}"`;
    if ('fixed' in value) return value.isText ? `"${value.fixed}"` : value.fixed;
    if (value.isNumber) return this.#number(value);
    if (value.print === 'json' && value.escape === 'json' && value.edit === undefined)
      return this.#json(value.at, value.from);
    return `"${value.prefix ?? ''}${this.#printed(value)}"`;
  }

  #printed(value: ClientValue): string {
    const read = `${this.#chosen(value)}${value.edit ?? ''}`;
    if (value.escape === 'none') return read;
    const half = (text: string) => `$util.escapeJavaScript(${text})`;
    const whole = (text: string) => (value.escape === 'javascript' ? text : `${text}${UNESCAPED}`);
    if (value.print === 'escaped-before') return whole(this.#set(half(read)));
    // In a loop, setting a variable to null keeps the value of the previous element.
    if (value.print === 'read-before')
      return whole(half(this.#set(value.from === 'element' ? quiet(read) : read)));
    return whole(half(read));
  }

  /** The client's value, or its default where it is left out. */
  #chosen(value: ClientValue): string {
    const { otherwise } = value;
    const read = this.#read(value);
    if (otherwise === undefined || otherwise === 'omitted') return read;
    const variable = this.#set(quiet(read));
    this.#before.push(`#if(${variable} == '')#set(${variable} = "${otherwise}")#end`);
    return variable;
  }

  /** Prints a number, or a text that Kinesis rejects. */
  #number(value: ClientValue): string {
    if (value.print === 'json' && value.otherwise === undefined)
      return value.escape === 'json' ? this.#json(value.at, value.from) : this.#read(value);
    const chosen = this.#chosen(value);
    if (value.escape === 'none') return chosen;
    const name = value.otherwise === undefined ? this.#set(quiet(chosen)) : chosen;
    return `#if(${name}.matches('${NUMBER}'))${name}#else"$util.escapeJavaScript(${name})${UNESCAPED}"#end`;
  }

  #optional(name: string, value: ClientValue, isFirst: boolean): string {
    const variable = this.#set(quiet(this.#read(value)));
    const printed = value.escape === 'json' ? `$util.escapeJavaScript(${variable})${UNESCAPED}` : variable;
    if (!isFirst) return `#if(${variable} != ''), "${name}": "${printed}"#end`;
    return `#if(${variable} != '')$between "${name}": "${printed}"#set($between = ',')#end`;
  }

  #record({ data, key }: NonNullable<CallShape['record']>): string[] {
    return [`"Data": "${this.#data(data)}"`, this.#member('PartitionKey', key)];
  }

  #data(data: DataShape): string {
    const read = `${this.#readData(data)}${data.edit ?? ''}`;
    if (data.as === 'base64')
      return data.escape === 'json'
        ? `$util.escapeJavaScript(${read})${UNESCAPED}.replaceAll("\\\\/", "/")`
        : read;
    if (data.suffix === '') return `$util.base64Encode(${read})`;
    const line = this.#set(`"\${${this.#set(read).slice(1)}}${data.suffix}"`);
    return `$util.base64Encode(${line})`;
  }

  #readData({ from, at, as, reading }: DataShape): string {
    if (from === 'raw') return '$input.body';
    const place = this.#call.list === undefined ? 'body' : 'element';
    if (as === 'json') return this.#json(at, place);
    return this.#read({ from: place, at, reading } as ClientValue);
  }

  /** The JSON of a value in the body. */
  #json(at: readonly string[], from: string): string {
    if (from !== 'element') return `$input.json('$${dotted(at)}')`;
    return `$input.json("$${dotted(this.#call.list ?? [])}[$foreach.index]${dotted(at)}")`;
  }

  #read({ from, at, reading }: Pick<ClientValue, 'from' | 'at' | 'reading'>): string {
    const [name = ''] = at;
    const ways = WAYS[from]?.(name, dotted(at)) ?? [];
    if (from !== 'body' || reading % (ways.length + 1) < ways.length)
      return ways[reading % ways.length] as string;
    this.#body ??= this.#set("$input.path('$')");
    return `${this.#body}${dotted(at)}`;
  }

  /** Inside a loop, a variable is set where it is used. */
  #set(text: string): string {
    this.#variables += 1;
    const name = `$v${this.#variables}`;
    this.#before.push(`#set(${name} = ${text})`);
    return name;
  }

  #records(list: readonly string[]): string {
    const { record, spacing } = this.#call;
    if (record === undefined) throw new Error('a batch has records');
    const read = this.#read({ from: 'body', at: list, reading: spacing });
    const outside = this.#before;
    this.#before = [];
    const members = this.#record(record);
    const sets = this.#before.join('');
    this.#before = outside;
    const comma = this.#call.comma ?? COMMAS[spacing % COMMAS.length];
    return `\n#foreach($e in ${read})${sets}{${members.join(', ')}}${comma}\n#end`;
  }
}

const COMMAS = ['#if($foreach.hasNext),#end', '#if( $foreach.hasNext ), #{end}'];

/** The separators and the braces around members. */
const SPACINGS: readonly (readonly [string, string])[] = [
  [', ', ' '],
  [',\n  ', '\n  '],
  [',', ''],
];

const WAYS: Readonly<Record<string, (name: string, path: string) => readonly string[]>> = {
  path: (name) => [`$input.params('${name}')`, `$input.params().path.get('${name}')`],
  query: (name) => [
    `$input.params().querystring.get('${name}')`,
    `$input.params('${name}')`,
    `$input.params("${name}")`,
  ],
  header: (name) => [`$input.params().header.get('${name}')`, `$input.params('${name}')`],
  body: (_name, path) => [`$input.path('$${path}')`, `$input.path("$${path}")`],
  element: (_name, path) => [`$e${path}`],
};

function isOptional(value: Value): boolean {
  return isClients(value) && value.otherwise === 'omitted';
}

function dotted(at: readonly string[]): string {
  return at.map((step) => `.${step}`).join('');
}

/** The same as a text, which is empty where the value is missing. */
function quiet(read: string): string {
  return `"$!${read.slice(1).replaceAll('"', "'")}"`;
}
