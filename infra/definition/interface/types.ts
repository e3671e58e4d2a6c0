import type { Json, JsonObject } from '../types.ts';

/** The encodings that a template applies to a value, in the order of their application. */
export const ENCODINGS = [
  /** The value's JSON text, as from `$input.json`; without it strings are unchanged, and maps print as in Java. */
  'json',
  'base64',
  'base64-decoded',
  'escape-javascript',
  /** `escape-javascript`, and `\\'` back to `'`: what JSON reads as the value. */
  'escape-json',
  'url-encoded',
  'url-decoded',
  'lower-case',
  'upper-case',
] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Where a value comes from. */
export type Input =
  | { readonly from: 'path' | 'query' | 'header'; readonly name: string }
  /** A JSON pointer into the client's body; empty for the whole body. */
  | { readonly from: 'body'; readonly at: string }
  /** The body's text as the client sent it. */
  | { readonly from: 'raw-body' }
  /** A JSON pointer into one element of the list in `records`; empty for the whole element. */
  | { readonly from: 'element'; readonly at: string }
  /** `$context.NAME`, which the gateway sets. */
  | { readonly from: 'context'; readonly name: string }
  /** A stage variable whose value is unknown. */
  | { readonly from: 'stage-variable'; readonly name: string };

/** What happens if the client leaves out the value. */
export interface Optional {
  /** `omitted`: the request to Kinesis lacks the member. A place: the value that is used instead. */
  readonly whenAbsent?: 'omitted' | Place;
}

/** Where a member of Kinesis's request comes from. */
export type Place =
  | (Input &
      Optional & {
        readonly as?: readonly Encoding[];
        /** Printed outside quotes: a number, or JSON. */
        readonly unquoted?: true;
        /** The members that the template puts into an object before it prints it as JSON, by JSON pointers into it. */
        readonly put?: Readonly<Record<string, Place>>;
        /** JSON pointers to the members that the template removes from an object before it prints it. */
        readonly removed?: readonly string[];
        /** Applies only if that input has that value. */
        readonly when?: Condition;
      })
  | ({
      readonly fixed: Json;
      readonly when?: Condition;
      /** Applies only if the client sends that input; `whenAbsent` says what applies otherwise. */
      readonly given?: Input;
    } & Optional)
  | ({ readonly template: readonly (string | Place)[]; readonly when?: Condition } & Optional);

export interface Condition {
  readonly input: Input;
  /** The values that fulfil the condition. */
  readonly is: readonly string[];
}

/** The records of a batch: a list from the client, or the fixed number that the template writes. */
export type Records =
  | { readonly list: Input; readonly element: RecordPlaces }
  | { readonly written: readonly RecordPlaces[] };

export interface RecordPlaces {
  /** The stored data, before the base64 that Kinesis requires. */
  readonly data?: Place;
  readonly partitionKey?: Place;
  readonly explicitHashKey?: Place;
}

/**
 * How the stored bytes follow from what the client sends. `json-text`: the value's JSON. `text`: the string itself.
 * `decoded-base64`: the client sends base64. `whole-body`: the body, unchanged or as JSON. `template`: a text with
 * values in it. `fixed`: nothing from the client.
 */
export const STORED = ['json-text', 'text', 'decoded-base64', 'whole-body', 'template', 'fixed'] as const;
export type Stored = (typeof STORED)[number];

export const AUTHS = ['none', 'iam', 'api-key', 'authorizer'] as const;
export type Auth = (typeof AUTHS)[number];

/** The place of a member of Kinesis's answer in the client's answer: a pointer, with `*` for each element of a list. */
export interface AnswerPlace {
  readonly at: string;
  readonly as?: readonly Encoding[];
  /** Printed outside quotes: the answer contains it as JSON, not as a string. */
  readonly unquoted?: true;
}

/** What cannot be derived. */
export interface Undetermined {
  readonly what: string;
  readonly why: string;
  /** Applies only to some requests, which a client can avoid. */
  readonly sometimes?: true;
}

/** Why a member of the records of a batch is undetermined. */
export const UNLIKE = 'it differs from one element to the next';

/** Something that may harm clients or operators. */
export interface Weakness {
  readonly what: string;
  /** Such as `POST /events: PartitionKey`. */
  readonly where: string;
  readonly why: string;
  /** The clauses of level production that a run finds broken because of it. */
  readonly clauses?: readonly string[];
}

/** The members of Kinesis's requests that have their own field in a call. */
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
  /** The verb; POST if the method accepts any. */
  readonly method: string;
  readonly anyMethod?: true;
  /** As in the definition, such as `/streams/{stream-name}`. */
  readonly path: string;
  /** The media type whose template was rendered. */
  readonly contentType: string;
  /** The method has another template, for another media type, whose call comes before this one. */
  readonly isFurther?: true;
  readonly records?: Records;
  /** Other members of Kinesis's request, by name. */
  readonly others?: Readonly<Record<string, Place>>;
  readonly stored?: Stored;
  /** `client`, `fixed` or `generated: requestId`; for a key that the client may leave out, `client or …`. */
  readonly key?: string;
  readonly errors: 'as-200' | 'mapped';
  /** The status that the client gets, by the type of Kinesis's error. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The status that the client gets if Kinesis succeeds. */
  readonly success: number;
  readonly auth: Auth;
  /** Whether the method demands an API key, in addition to `auth`. */
  readonly apiKeyRequired: boolean;
  readonly cors?: Cors;
  /** Media types with a template; empty if the body is passed to Kinesis unchanged. */
  readonly contentTypes: readonly string[];
  /** Whether a body of another media type is passed to Kinesis unchanged. */
  readonly passthrough: boolean;
  /** What the gateway demands before it calls Kinesis. */
  readonly required: readonly Input[];
  /** The schema of the body, if a validator enforces it. */
  readonly model?: JsonObject;
  /** A model that no validator enforces says that data is a string, a number or a boolean. */
  readonly describesText?: true;
  /** The places of the members of Kinesis's answer, by pointers such as `/Records/*\/Data`. */
  readonly response: 'pass-through' | Readonly<Record<string, AnswerPlace>>;
  readonly undetermined: readonly Undetermined[];
}

export interface Cors {
  /** Whether OPTIONS is answered. */
  readonly preflight: boolean;
  /** The origin that the preflight allows; `answerOrigin` is the one on other answers. */
  readonly preflightOrigin?: string;
  readonly answerOrigin?: string;
}

/** What a proxy offers. */
export interface Interface {
  /** `derived`, or the file that contains it. */
  readonly source: string;
  readonly calls: readonly Call[];
  /** The actions, out of the tutorial's eight, that no method offers. */
  readonly absent: readonly string[];
  readonly weak: readonly Weakness[];
  /** What may turn callers away although no method demands credentials, and a run does not deploy: a resource policy. */
  readonly limitsCallers?: string;
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
