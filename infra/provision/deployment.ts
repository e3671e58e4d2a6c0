import type { Choices } from '../definition/definition.ts';
import type { Affix } from '../definition/interface/offers.ts';
import type { Interface } from '../definition/interface/types.ts';
import type { RoleName } from '../proxy/roles.ts';
import type { Capability } from '../targets/capabilities.ts';
import type { Authentication, DeployedApi, Limits } from '../targets/deployed-api.ts';
import type { AwsAccess, Switch, TargetKind } from '../targets/target.ts';
import type { Tags } from './tags.ts';

/** The proxy under test, deployed: plain data, so that it can be handed to any worker. */
export interface Deployment {
  /** Unique per run; streams, roles and tags of the run carry `prefix`, which is `kpc-<runId>-`. */
  readonly runId: string;
  readonly prefix: string;
  readonly definition: {
    readonly name: string;
    readonly path: string;
    readonly sha256: string;
    readonly choices: Choices;
  };
  /** What the API offers; absent where nobody could read it. */
  readonly interface?: Interface;
  /** Of the judged stage. */
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** What the API writes around the names of streams, and the run's streams have in their names; absent: nothing. */
  readonly streamAffix?: Affix;
  /** The only streams that the definition's own roles reach, though a client may name others; absent: they reach any. */
  readonly servedStreams?: readonly string[];
  readonly target: {
    readonly kind: TargetKind;
    readonly name: string;
    readonly version: string;
    /** The kind whose waits apply. */
    readonly behaves: TargetKind;
  };
  readonly capabilities: readonly Capability[];
  /** Has Kinesis throttle every put; absent where it does so by itself, or cannot be told. */
  readonly throttling?: Switch;
  readonly region: string;
  readonly access: AwsAccess;
  /** The API that is judged, under the full-access role. */
  readonly proxy: DeployedApi;
  /** The same definition under other roles, where the selection needs them. */
  readonly underRole: Readonly<Partial<Record<RoleName, DeployedApi>>>;
  /** The stream that the role `one-stream` may reach: a full name. */
  readonly permittedStream: string;
  readonly authentication?: Authentication;
  /** What its user should know of how it was made: one line. */
  readonly note?: string;
  /** Exchanges of scenarios that pass are to be kept as well. */
  readonly keepsExchanges?: boolean;
  /** What a failing scenario made, and the streams that scenarios share, are to stay. */
  readonly keepsStreams?: boolean;
  /** Absent: the run may make and delete streams under its prefix. */
  readonly limits?: Limits;
  /** What every stream of the run is tagged with; absent on a target that ends with the run. */
  readonly tags?: Tags;
  /** The run's journal, a path; absent on a target that ends with the run. */
  readonly journal?: string;
}

/** The environment variable that carries a Deployment, as JSON, to cucumber's workers. */
export const DEPLOYMENT_VARIABLE = 'KPC_DEPLOYMENT';
