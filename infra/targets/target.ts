import type { Interface } from '../definition/interface/types.ts';
import type { Capability } from './capabilities.ts';
import type { Authentication, DeployedApi, Limits } from './deployed-api.ts';

export const TARGET_KINDS = ['embedded', 'localstack', 'aws', 'endpoint', 'url'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** How the suite's own SDK clients reach the target. For absent fields the SDK's default sources apply. */
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
  /** True if the user gave this form: it is used as long as it answers, whatever it answers. */
  readonly insisted?: boolean;
  /** A Host header to send, for targets that route by host names which do not resolve to them. */
  readonly host?: string;
}

/** An already deployed API, which the run judges instead of provisioning one. */
export interface Attached {
  readonly api: DeployedApi;
  /** Stands in for the unknown definition: a name, and a hash of what is known about the API. */
  readonly definition: { readonly name: string; readonly sha256: string };
  /** What the API offers; undefined if the user does not say and its configuration cannot be read. */
  readonly offered?: Interface;
  /** The variables of the deployed stage. */
  readonly stageVariables?: Readonly<Record<string, string>>;
  readonly authentication?: Authentication;
  readonly limits?: Limits;
}

/** A setting of a running target: a POST of the JSON text `on` or `off` to `url` changes it. */
export interface Switch {
  readonly url: string;
  readonly on: string;
  readonly off: string;
}

/** An environment in which the proxy can be provisioned and called. */
export interface Target {
  readonly kind: TargetKind;
  readonly name: string;
  readonly version: string;
  readonly access: AwsAccess;
  /** Forms of invoke URL to try, most likely first; the provisioner keeps the one that answers. */
  readonly invokeForms: readonly InvokeForm[];
  readonly capabilities: readonly Capability[];
  /** The kind whose waits and judging rules apply, if not `kind`: an emulator behind a URL is not AWS. */
  readonly behaves?: TargetKind;
  /** Present when the run provisions nothing. */
  readonly attached?: Attached;
  /** What identifies the target exactly in a report, such as a container's image id. */
  readonly details: Readonly<Record<string, string>>;
  /** True if `stop` removes everything on it, so that the run need not delete each thing itself. */
  readonly ephemeral: boolean;
  /**
   * True where APIs are expensive (AWS deletes one in 30 s, docs/facts/gateway.md#limits): one API serves all roles,
   * with one stage for each. Not all emulators support the UpdateIntegration that this needs.
   */
  readonly sharesApi?: boolean;
  /** Makes Kinesis throttle every put, on a target whose Kinesis has no limits of its own. */
  readonly throttling?: Switch;
  /** 12 digits; absent if the target did not report its account at the start. */
  readonly account?: string;
  /** How far the target's clock is ahead of this machine's, in milliseconds; absent if unknown. */
  readonly skewMs?: number;
  /**
   * Resolves with the cause if a process that the suite started dies unexpectedly; absent if there is no such process.
   */
  readonly failed?: Promise<Error>;
  /** The target's own log, for the report of a failed run. */
  logs?(): Promise<string>;
  /** Stops everything that was started; safe to call twice. */
  stop(): Promise<void>;
}
