/** The choices that the generator makes for a REST API in front of Kinesis; `write.ts` turns them into a template. */
export interface ProxyShape {
  /** The prefix of all paths: empty, or `/v1`. */
  readonly base: string;
  readonly calls: readonly CallShape[];
  /** How methods that write authenticate their callers. */
  readonly writers: Auth;
  /** The same for methods that read, which may be anonymous. */
  readonly readers: Auth | 'none';
  /** The allowed origin; undefined where preflights are not answered. */
  readonly origin: string | undefined;
  readonly errors: ErrorShape;
  /** Whether methods that write and methods that read have separate roles. */
  readonly hasTwoRoles: boolean;
  /** Whether the role may push logs as well. */
  readonly mayLog: boolean;
  /** Whether the role's policy has one statement for each action. */
  readonly isSplit: boolean;
  /** Whether the template names the fixed stream, or lets CloudFormation generate its name. */
  readonly namesStream: boolean;
}

export type Auth = 'iam' | 'api-key';

/** One method. */
export interface CallShape {
  readonly action: Action;
  readonly verb: string;
  /** The last part of the path, unique to the method. */
  readonly word: string;
  readonly contentType: string;
  /** Members of Kinesis's request, except data and records, by name. */
  readonly members: Readonly<Record<string, Value>>;
  /** The record of a put; with `list`, each of its elements. */
  readonly record?: RecordShape;
  /** The path to the list of a batch in the body; empty where the body is the list. */
  readonly list?: readonly string[];
  /** Whether a model describes the body. */
  readonly isValidated: boolean;
  /** A member that the model requires and no template reads. */
  readonly extra: string | undefined;
  /** never, or when_no_templates. */
  readonly passthrough: string | undefined;
  readonly success: number;
  readonly answer: AnswerShape;
  readonly spacing: number;
  /** Set where it reports errors differently from the other methods. */
  readonly errors?: ErrorShape;
  /** The separators of a batch's records, where they are not commas. */
  readonly comma?: string;
  /** Whether its model requires no member. */
  readonly demandsNothing?: true;
  /** Whether its model accepts data of any type. */
  readonly takesObjects?: true;
}

export type Action = (typeof ACTIONS)[number];
export const ACTIONS = [
  'PutRecord',
  'PutRecords',
  'GetShardIterator',
  'GetRecords',
  'DescribeStream',
  'ListStreams',
  'CreateStream',
  'DeleteStream',
] as const;

export const WRITING: readonly Action[] = ['PutRecord', 'PutRecords', 'CreateStream', 'DeleteStream'];

/** The value of a member of Kinesis's request. */
export type Value =
  | ClientValue
  /** The text of a template: `$context.requestId`. */
  | { readonly given: string }
  /** A number, or a text where `isText`. */
  | { readonly fixed: string; readonly isText: boolean }
  /** The stream that the template declares. */
  | { readonly declared: true };

/** A value of the client's. */
export interface ClientValue {
  readonly from: 'path' | 'query' | 'header' | 'body' | 'element';
  /** The parameter's name, or the path to the value from the body or the list's element. */
  readonly at: readonly string[];
  /** Which of the possible ways to read it is used. */
  readonly reading: number;
  readonly print: 'inline' | 'escaped-before' | 'read-before' | 'json';
  readonly escape: 'json' | 'javascript' | 'none';
  /** A call on the text before it is printed: `.trim()`. */
  readonly edit?: string;
  /** A prefix in the same text. */
  readonly prefix?: string;
  /** The template's default where the client leaves it out; `omitted` leaves out the member. */
  readonly otherwise?: string;
  /** Printed as a number. */
  readonly isNumber?: true;
}

export interface RecordShape {
  readonly data: DataShape;
  readonly key: Value;
}

/** The data that is stored. */
export interface DataShape {
  /** `raw`: the body's text. `value`: the value at `at`, which may be the whole body or element. */
  readonly from: 'raw' | 'value';
  readonly at: readonly string[];
  readonly reading: number;
  /** The text, its JSON, or the bytes that it encodes as base64. */
  readonly as: 'text' | 'json' | 'base64';
  /** Stored after it. */
  readonly suffix: string;
  readonly edit?: string;
  /** How base64 is printed. */
  readonly escape: 'json' | 'none';
  /** Whether the model accepts any text as base64. */
  readonly isUnchecked?: true;
}

/** What a client is told when Kinesis succeeds. */
export interface AnswerShape {
  /** Whether Kinesis's answer is passed on unchanged. */
  readonly isPassed: boolean;
  /** Names of members, in the order in which they are needed. */
  readonly names: readonly string[];
  readonly style: number;
  /** The status of a partly stored batch. */
  readonly partly: number;
}

/** What a client is told when Kinesis refuses. */
export interface ErrorShape {
  /** Patterns of Kinesis's statuses: those that are the client's fault, and the others. */
  readonly refused: string;
  readonly failed: string;
  /** Whether success has a pattern, and everything else is the default. */
  readonly isDefault: boolean;
  /** How the status is found. */
  readonly finding: 'ifs' | 'elseifs' | 'map' | 'overrides';
  readonly statuses: Readonly<Record<string, number>>;
  /** The status of errors that no entry names. */
  readonly otherwise: number;
  readonly failure: number;
  readonly body: ErrorBody;
}

export interface ErrorBody {
  /** Members around the error, outermost first; `[]` is a list of one. */
  readonly around: readonly string[];
  readonly typeName: string;
  /** How the type is reported: by Kinesis's name, by the API's own name, or as a URI. */
  readonly type: 'of-kinesis' | 'word' | 'uri' | 'absent';
  /** Further members, each as JSON in a template. */
  readonly more: Readonly<Record<string, string>>;
  /** Whether Kinesis's error is passed on unchanged. */
  readonly isPassed: boolean;
}

export function isClients(value: Value | undefined): value is ClientValue {
  return value !== undefined && 'from' in value;
}

export function isPut({ action }: CallShape): boolean {
  return action === 'PutRecord' || action === 'PutRecords';
}

/** Whether the method reads anything from the body. */
export function hasBody({ members, record, list }: CallShape): boolean {
  return (
    record !== undefined ||
    list !== undefined ||
    Object.values(members).some((value) => isClients(value) && value.from === 'body')
  );
}

/** Whether its client chooses the stream. */
export function choosesStream({ members }: CallShape): boolean {
  return isClients(members.StreamName);
}

/** Whether a model has to reject incomplete bodies, since Kinesis would accept the resulting request. */
export function needsModel({ record, members }: Pick<CallShape, 'record' | 'members'>): boolean {
  const isDemanded = (value: Value | undefined) =>
    isClients(value) &&
    (value.from === 'body' || value.from === 'element') &&
    value.otherwise === undefined &&
    value.prefix === undefined;
  if (record === undefined) return false;
  const { from, as, at } = record.data;
  // Kinesis accepts empty data, and the text of an object instead of a text.
  if (from === 'value' && (as === 'text' || at.length > 0)) return true;
  return !isDemanded(record.key) && !isDemanded(members.StreamName);
}

/** The path of a method. */
export function pathOf({ base }: ProxyShape, { word, members, record }: CallShape): string {
  const names = valuesOf({ members, record }).flatMap(({ from, at }) => (from === 'path' ? at : []));
  return `${base}/${word}${names.map((name) => `/{${name}}`).join('')}`;
}

/** The client's values in a request to Kinesis, except data. */
export function valuesOf({
  members,
  record,
}: Pick<CallShape, 'members'> & { record: CallShape['record'] }): ClientValue[] {
  return [...Object.values(members), ...(record ? [record.key] : [])].filter(isClients);
}
