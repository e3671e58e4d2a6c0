import type { Interface } from '../definition/interface/types.ts';
import type { Capability } from './capabilities.ts';
import type { Authentication, DeployedApi, Limits } from './deployed-api.ts';

export const TARGET_KINDS = ['embedded', 'localstack', 'aws', 'endpoint', 'url'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** How the suite's own SDK clients reach the target. Absent fields mean the SDK's ordinary sources. */
export interface AwsAccess {
  readonly endpoint?: string;
  readonly region: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/** How a target serves a deployed API. Placeholders: `{restApiId}`, `{stage}`, `{region}`. */
export interface InvokeForm {
  readonly url: string;
  /** True where a person named this form: it is used whatever it answers, as long as it answers at all. */
  readonly insisted?: boolean;
  /** A Host header to send, for targets that route by host name where no name resolves to them. */
  readonly host?: string;
}

/** An API that is deployed already, in place of one that the run would provision. */
export interface Attached {
  readonly api: DeployedApi;
  /** What stands for the definition that nobody knows: a name, and a hash of what is known of the API. */
  readonly definition: { readonly name: string; readonly sha256: string };
  /** What it offers; undefined where nobody says, and its configuration cannot be read. */
  readonly offered?: Interface;
  /** Of its stage. */
  readonly stageVariables?: Readonly<Record<string, string>>;
  readonly authentication?: Authentication;
  readonly limits?: Limits;
}

/** A setting of a running target, changed by a POST of JSON. */
export interface Switch {
  readonly url: string;
  readonly on: string;
  readonly off: string;
}

/** Somewhere the proxy can be provisioned and called. */
export interface Target {
  readonly kind: TargetKind;
  readonly name: string;
  readonly version: string;
  readonly access: AwsAccess;
  /** Forms of invoke URL to try, most likely first; the provisioner keeps the one that answers. */
  readonly invokeForms: readonly InvokeForm[];
  readonly capabilities: readonly Capability[];
  /** The kind whose waits and rules of judgement apply, where it is not its own: an emulator behind a URL is not AWS. */
  readonly behaves?: TargetKind;
  /** Present where nothing is provisioned. */
  readonly attached?: Attached;
  /** What a report adds to name the target exactly, such as a container's image id. */
  readonly details: Readonly<Record<string, string>>;
  /** True when everything on it ends with `stop`, so that nothing needs to be undone call by call. */
  readonly ephemeral: boolean;
  /**
   * True where APIs are dear (AWS deletes one in 30 s, docs/facts/gateway.md#limits): one serves all roles, a stage for
   * each. Emulators do not all know UpdateIntegration.
   */
  readonly sharesApi?: boolean;
  /** Has Kinesis throttle every put, on a target whose Kinesis has no limits of its own. */
  readonly throttling?: Switch;
  /** Twelve digits, where the target told them at its start. */
  readonly account?: string;
  /** How far its clock is ahead of this machine's, in milliseconds, where it told. */
  readonly skewMs?: number;
  /** Settles with the cause when what the suite started dies on its own; absent where there is nothing that could. */
  readonly failed?: Promise<Error>;
  /** Whatever the target itself logged, for a report of a failed run. */
  logs?(): Promise<string>;
  /** Ends what was started; safe to call twice. */
  stop(): Promise<void>;
}
