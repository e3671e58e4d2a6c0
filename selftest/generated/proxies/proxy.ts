/** A REST API in front of Kinesis, as what a generator decides about it; `write.ts` makes a template of it. */
export interface ProxyShape {
  /** What all paths begin with: empty, or `/v1`. */
  readonly base: string;
  readonly calls: readonly CallShape[];
  /** How callers of methods that write show who they are. */
  readonly writers: Auth;
  /** The same for methods that read, which may be open. */
  readonly readers: Auth | 'none';
  /** The origin that browsers may call from; undefined where no preflight is answered. */
  readonly origin: string | undefined;
  readonly errors: ErrorShape;
  /** Whether methods that write and methods that read have a role each. */
  readonly hasTwoRoles: boolean;
  /** Whether the role may push logs as well. */
  readonly mayLog: boolean;
  /** Whether the role's policy has one statement for each action. */
  readonly isSplit: boolean;
  /** Whether the template names the stream that clients cannot choose, or leaves that to CloudFormation. */
  readonly namesStream: boolean;
}

export type Auth = 'iam' | 'api-key';

/** One method. */
export interface CallShape {
  readonly action: Action;
  readonly verb: string;
  /** The part of the path that no other method has. */
  readonly word: string;
  readonly contentType: string;
  /** Members of Kinesis's request but for data and records, by their names. */
  readonly members: Readonly<Record<string, Value>>;
  /** Of a put; within `list`, of each of its elements. */
  readonly record?: RecordShape;
  /** Where the list of a batch stands in the body; the body itself where it is empty. */
  readonly list?: readonly string[];
  /** Whether a model says what the body has to be. */
  readonly isValidated: boolean;
  /** A member that the model demands and no template reads. */
  readonly extra: string | undefined;
  /** never, or when_no_templates. */
  readonly passthrough: string | undefined;
  readonly success: number;
  readonly answer: AnswerShape;
  readonly spacing: number;
  /** Where it tells errors otherwise than the other methods. */
  readonly errors?: ErrorShape;
  /** What stands between the records of a batch, where it is not a comma between two. */
  readonly comma?: string;
  /** Whether its model demands no member. */
  readonly demandsNothing?: true;
  /** Whether its model takes data of any type. */
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

/** What a member of Kinesis's request is. */
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
  /** The parameter's name, or the steps from the body, or the list's element, to the value. */
  readonly at: readonly string[];
  /** Which of the ways to read it that there are. */
  readonly reading: number;
  readonly print: 'inline' | 'escaped-before' | 'read-before' | 'json';
  readonly escape: 'json' | 'javascript' | 'none';
  /** What is done to the text before it is printed: `.trim()`. */
  readonly edit?: string;
  /** What stands before it in the same text. */
  readonly prefix?: string;
  /** The text of a template that stands for it where it is left out; `omitted` leaves out the member. */
  readonly otherwise?: string;
  /** Printed as a number. */
  readonly isNumber?: true;
}

export interface RecordShape {
  readonly data: DataShape;
  readonly key: Value;
}

/** What is stored. */
export interface DataShape {
  /** `raw`: the body's text. `value`: what stands at `at`, which may be all of the body or of an element. */
  readonly from: 'raw' | 'value';
  readonly at: readonly string[];
  readonly reading: number;
  /** The text, its JSON, or what it is the base64 of. */
  readonly as: 'text' | 'json' | 'base64';
  /** Stored after it. */
  readonly suffix: string;
  readonly edit?: string;
  /** Of base64, how it is printed. */
  readonly escape: 'json' | 'none';
  /** Whether a model takes any text for base64. */
  readonly isUnchecked?: true;
}

/** What a client is told where Kinesis does what it was asked. */
export interface AnswerShape {
  /** Whether Kinesis's own answer goes on as it is. */
  readonly isPassed: boolean;
  /** Names of members, in the order in which they are needed. */
  readonly names: readonly string[];
  readonly style: number;
  /** The status of a batch of which Kinesis took a part. */
  readonly partly: number;
}

/** What a client is told where Kinesis refuses. */
export interface ErrorShape {
  /** Patterns of the statuses of Kinesis's that are the client's fault, and that are not. */
  readonly refused: string;
  readonly failed: string;
  /** Whether success has a pattern, and all else is the default. */
  readonly isDefault: boolean;
  /** How the status is found. */
  readonly finding: 'ifs' | 'elseifs' | 'map' | 'overrides';
  readonly statuses: Readonly<Record<string, number>>;
  /** The status of what no entry names. */
  readonly otherwise: number;
  readonly failure: number;
  readonly body: ErrorBody;
}

export interface ErrorBody {
  /** Members around the error, outermost first; `[]` is a list of one. */
  readonly around: readonly string[];
  readonly typeName: string;
  /** How the type is told: as Kinesis names it, in words of the API's, or as a URI. */
  readonly type: 'of-kinesis' | 'word' | 'uri' | 'absent';
  /** Further members, each as JSON in a template. */
  readonly more: Readonly<Record<string, string>>;
  /** Whether an error goes on as Kinesis wrote it. */
  readonly isPassed: boolean;
}

export function isClients(value: Value | undefined): value is ClientValue {
  return value !== undefined && 'from' in value;
}

export function isPut({ action }: CallShape): boolean {
  return action === 'PutRecord' || action === 'PutRecords';
}

/** Whether the method reads anything of the body. */
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

/** Whether a model has to refuse a body that lacks what the call needs, since Kinesis would take what is made of it. */
export function needsModel({ record, members }: Pick<CallShape, 'record' | 'members'>): boolean {
  const isDemanded = (value: Value | undefined) =>
    isClients(value) &&
    (value.from === 'body' || value.from === 'element') &&
    value.otherwise === undefined &&
    value.prefix === undefined;
  if (record === undefined) return false;
  const { from, as, at } = record.data;
  // Kinesis takes what is stored of nothing, and of an object in a text's place.
  if (from === 'value' && (as === 'text' || at.length > 0)) return true;
  return !isDemanded(record.key) && !isDemanded(members.StreamName);
}

/** The path of a method. */
export function pathOf({ base }: ProxyShape, { word, members, record }: CallShape): string {
  const names = valuesOf({ members, record }).flatMap(({ from, at }) => (from === 'path' ? at : []));
  return `${base}/${word}${names.map((name) => `/{${name}}`).join('')}`;
}

/** Values of the client's in a request to Kinesis, but for data. */
export function valuesOf({
  members,
  record,
}: Pick<CallShape, 'members'> & { record: CallShape['record'] }): ClientValue[] {
  return [...Object.values(members), ...(record ? [record.key] : [])].filter(isClients);
}
