/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Whether a text is a JSON value of any kind. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The form of a definition; its content decides, never the file's name. */
export type Form = 'openapi' | 'cloudformation' | 'terraform';

/** What a reader needs from the run to resolve names. */
export interface ReadContext {
  /** The file as the caller gave it; error messages begin with it. */
  readonly file: string;
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** The name of the stack; names that the file leaves to AWS become `<stackName>-<logical id>`. */
  readonly stackName: string;
  /** `--parameter KEY=VALUE`. */
  readonly parameters: ReadonlyMap<string, string>;
  /** `--api NAME`: the logical id, address or name of the API, for a file with several. */
  readonly api: string | undefined;
  /**
   * Reads the document at a path relative to the file, where the file has a folder.
   * @throws UsageError whose message says what is wrong and what to do.
   */
  readonly beside?: ((location: string) => JsonObject) | undefined;
  /** The API is deployed already, to a stage whose variables the file may not tell. */
  readonly isDeployed?: boolean | undefined;
}

/** An execution role that the file declares. */
export interface DeclaredRole {
  /** Logical id or address. */
  readonly id: string;
  readonly name: string;
  /** As in the integrations' `credentials`. */
  readonly arn: string;
  /** The trust policy. */
  readonly trust: JsonObject;
  readonly inline: readonly { readonly name: string; readonly document: JsonObject }[];
  /** ARNs of AWS's managed policies. `inline` also has the managed policies that the file declares and attaches. */
  readonly managed: readonly string[];
  /** The services that methods and authorizers which the run does not deploy call under it, such as `lambda`. */
  readonly otherServices?: readonly string[];
}

/** A role of a method that calls Kinesis, which the run cannot deploy with all its policies, so that it lends its own. */
export interface UnreadRole {
  readonly arn: string;
  /** The reason and the remedy. */
  readonly why: string;
  /** Its trust policy, if that is known. */
  readonly trust?: JsonObject;
}

/** A Kinesis stream that the file declares. */
export interface DeclaredStream {
  readonly id: string;
  readonly name: string;
  /** Undefined: on demand. */
  readonly shardCount: number | undefined;
  /** Undefined: Kinesis's default of 24. */
  readonly retentionHours: number | undefined;
  /** Whether a KMS key other than Kinesis's default one encrypts it. The run deploys no keys. */
  readonly hasOwnKey?: boolean;
}

export interface DeclaredApiKey {
  readonly id: string;
  readonly name: string | undefined;
  /** Undefined: AWS generates one. */
  readonly value: string | undefined;
  readonly enabled: boolean;
}

export interface DeclaredUsagePlan {
  readonly id: string;
  readonly name: string;
  /** The ids of its keys. */
  readonly keys: readonly string[];
  readonly throttle: { readonly rateLimit?: number; readonly burstLimit?: number } | undefined;
  readonly quota: { readonly limit: number; readonly period: string; readonly offset?: number } | undefined;
}

/** The stage that the file declares for the API. */
export interface DeclaredStage {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly methodSettings?: readonly DeclaredMethodSetting[];
}

/** Rate limits for the methods of a path in a stage; `/*` and `*` stand for all. */
export interface DeclaredMethodSetting {
  readonly resourcePath: string;
  readonly httpMethod: string;
  /** Requests per second. */
  readonly rateLimit?: number;
  readonly burstLimit?: number;
}

/** Something in the file that a run does not deploy. */
export interface LeftOut {
  /** For display, such as `the Lambda function Greeter`. */
  readonly what: string;
  readonly place: string;
  readonly why: string;
}

/** The result of reading a file in any form: its API and its other resources, with every name resolved. */
export interface Declaration {
  readonly form: Form;
  /**
   * OpenAPI 3.0 or Swagger 2.0 with `x-amazon-apigateway-*`, as PutRestApi takes it: resources, methods, integrations,
   * models, validators, gateway responses, binary media types, API key source.
   */
  readonly openapi: JsonObject;
  /** The roles under which its methods call Kinesis. */
  readonly roles: readonly DeclaredRole[];
  readonly streams: readonly DeclaredStream[];
  readonly stage: DeclaredStage | undefined;
  readonly apiKeys: readonly DeclaredApiKey[];
  readonly usagePlans: readonly DeclaredUsagePlan[];
  readonly leftOut: readonly LeftOut[];
  /** The roles that the file declares and whose policies it does not contain. */
  readonly unreadRoles?: readonly UnreadRole[];
  /** What of the file may turn callers away, and a run does not deploy; by default what the API's document says. */
  readonly limitsCallers?: string;
  /** What the file leaves open, such as a value known only after apply, and how it was interpreted. */
  readonly assumed?: readonly Assumption[];
  /** The sensitive values in this declaration; no output may show them. */
  readonly secrets?: readonly string[];
}

/** How something that the file leaves open was interpreted. */
export interface Assumption {
  readonly place: string;
  /** For display, such as `read as the ARN of aws_kinesis_stream.clicks`. */
  readonly reading: string;
}
