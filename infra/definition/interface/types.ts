import type { Json, JsonObject } from '../types.ts';

/** What a template does to a text on its way, in the order in which it does it. */
export const ENCODINGS = [
  /** The JSON text of the value, as `$input.json` gives it; without it a text is itself and a map prints as Java's. */
  'json',
  'base64',
  'base64-decoded',
  'escape-javascript',
  'url-encoded',
  'url-decoded',
  'lower-case',
  'upper-case',
] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Where a value comes from. */
export type Input =
  | { readonly from: 'path' | 'query' | 'header'; readonly name: string }
  /** A JSON pointer into the client's body; empty for all of it. */
  | { readonly from: 'body'; readonly at: string }
  /** The body's text as the client wrote it. */
  | { readonly from: 'raw-body' }
  /** A JSON pointer into one element of the list that `records` names; empty for all of the element. */
  | { readonly from: 'element'; readonly at: string }
  /** `$context.NAME`; what the gateway knows of the call. */
  | { readonly from: 'context'; readonly name: string }
  /** A variable of the stage whose value is not known. */
  | { readonly from: 'stage-variable'; readonly name: string };

/** What is done where the client leaves the value out. */
export interface Optional {
  /** `omitted`: Kinesis is not given the member. Else what stands in the value's place. */
  readonly whenAbsent?: 'omitted' | Place;
}

/** Where a member of Kinesis's request comes from. */
export type Place =
  | (Input &
      Optional & {
        readonly as?: readonly Encoding[];
        /** Printed outside of quotes: a number, or JSON. */
        readonly unquoted?: true;
        /** Only when that input has that value. */
        readonly when?: Condition;
      })
  | { readonly fixed: Json; readonly when?: Condition }
  | ({ readonly template: readonly (string | Place)[]; readonly when?: Condition } & Optional);

export interface Condition {
  readonly input: Input;
  /** One of these. */
  readonly is: readonly string[];
}

/** The records of a batch: a list of the client's, or as many as the template writes. */
export type Records =
  | { readonly list: Input; readonly element: RecordPlaces }
  | { readonly written: readonly RecordPlaces[] };

export interface RecordPlaces {
  /** What is stored: the bytes before Kinesis's own base64. */
  readonly data?: Place;
  readonly partitionKey?: Place;
  readonly explicitHashKey?: Place;
}

/**
 * How the bytes that are stored follow from what the client sends. `json-text`: the value's JSON. `text`: the text
 * itself. `decoded-base64`: the client sends base64. `whole-body`: the body, as it is or as JSON. `template`: a text
 * with values inside. `fixed`: nothing of the client's.
 */
export const STORED = ['json-text', 'text', 'decoded-base64', 'whole-body', 'template', 'fixed'] as const;
export type Stored = (typeof STORED)[number];

export const AUTHS = ['none', 'iam', 'api-key', 'authorizer'] as const;
export type Auth = (typeof AUTHS)[number];

/** Where a member of Kinesis's answer stands in the client's: pointers, `*` for each element of a list. */
export interface AnswerPlace {
  readonly at: string;
  readonly as?: readonly Encoding[];
  /** Printed outside of quotes: JSON, which the answer holds as its value. */
  readonly unquoted?: true;
}

/** What cannot be derived. */
export interface Undetermined {
  readonly what: string;
  readonly why: string;
  /** Only of some requests, which a client can do without. */
  readonly sometimes?: true;
}

/** What a client or an operator may be harmed by. */
export interface Weakness {
  readonly what: string;
  /** `POST /events: PartitionKey` and the like. */
  readonly where: string;
  readonly why: string;
  /** Of level production, those that a run finds broken for it. */
  readonly clauses?: readonly string[];
}

/** The members of Kinesis's requests that have a place of their own in a call. */
export const MEMBERS = {
  StreamName: 'stream',
  Data: 'data',
  PartitionKey: 'partitionKey',
  ExplicitHashKey: 'explicitHashKey',
  ShardId: 'shardId',
  ShardIterator: 'iterator',
  ShardIteratorType: 'iteratorType',
  StartingSequenceNumber: 'startingSequenceNumber',
  Timestamp: 'timestamp',
  Limit: 'limit',
  ShardCount: 'shardCount',
  ExclusiveStartStreamName: 'exclusiveStartStreamName',
  ExclusiveStartShardId: 'exclusiveStartShardId',
  NextToken: 'nextToken',
} as const;
export type MemberField = (typeof MEMBERS)[keyof typeof MEMBERS];

/** One method that integrates with an action of Kinesis. */
export interface Call extends Partial<Readonly<Record<MemberField, Place>>> {
  readonly action: string;
  /** The verb; POST where the method takes any. */
  readonly method: string;
  readonly anyMethod?: true;
  /** As in the definition: `/streams/{stream-name}`. */
  readonly path: string;
  /** The media type whose template was rendered. */
  readonly contentType: string;
  readonly records?: Records;
  /** Members of Kinesis's request beyond those above, by their names. */
  readonly others?: Readonly<Record<string, Place>>;
  readonly stored?: Stored;
  /** `client`, `fixed`, `generated: requestId`; of a key that the client may leave out also ` or …`. */
  readonly key?: string;
  readonly errors: 'as-200' | 'mapped';
  /** The client's status by the type of Kinesis's error. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The client's status where Kinesis succeeds. */
  readonly success: number;
  readonly auth: Auth;
  /** An API key is demanded, whatever `auth` is. */
  readonly apiKeyRequired: boolean;
  readonly cors?: Cors;
  /** Media types that have a template; empty where the body goes to Kinesis as it is. */
  readonly contentTypes: readonly string[];
  /** Whether a body of another media type goes to Kinesis as it is. */
  readonly passthrough: boolean;
  /** What the gateway demands before it calls Kinesis. */
  readonly required: readonly Input[];
  /** The schema of the body, where a validator holds bodies to it. */
  readonly model?: JsonObject;
  /** A model that no validator holds bodies to says that data is a text. */
  readonly describesText?: true;
  /** Places of the members of Kinesis's answer, by pointers such as `/Records/*\/Data`. */
  readonly response: 'pass-through' | Readonly<Record<string, AnswerPlace>>;
  readonly undetermined: readonly Undetermined[];
}

export interface Cors {
  /** OPTIONS is answered. */
  readonly preflight: boolean;
  /** The origin that the preflight allows, and the one on the answers. */
  readonly preflightOrigin?: string;
  readonly answerOrigin?: string;
}

/** What a proxy offers. */
export interface Interface {
  /** `derived`, or the file that it was given in. */
  readonly source: string;
  readonly calls: readonly Call[];
  /** Those of the tutorial's eight actions that no method offers. */
  readonly absent: readonly string[];
  readonly weak: readonly Weakness[];
}

export const EIGHT_ACTIONS = [
  'ListStreams',
  'DescribeStream',
  'CreateStream',
  'DeleteStream',
  'PutRecord',
  'PutRecords',
  'GetShardIterator',
  'GetRecords',
] as const;
