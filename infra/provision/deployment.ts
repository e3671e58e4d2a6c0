import type { Choices } from '../definition/definition.ts';
import type { Affix } from '../definition/interface/offers.ts';
import type { Interface } from '../definition/interface/types.ts';
import type { LeftOut, UnreadRole } from '../definition/types.ts';
import type { RoleName } from '../proxy/roles.ts';
import type { Capability } from '../targets/capabilities.ts';
import type { Authentication, DeployedApi, Limits } from '../targets/deployed-api.ts';
import type { AwsAccess, Switch, TargetKind } from '../targets/target.ts';
import type { Tags } from './tags.ts';

/** The deployed proxy under test, as plain data that can be passed to any worker. */
export interface Deployment {
  /** Unique per run. `prefix` is `kpc-<runId>-` and begins the names of the run's streams and roles. */
  readonly runId: string;
  readonly prefix: string;
  readonly definition: {
    readonly name: string;
    readonly path: string;
    readonly sha256: string;
    readonly choices: Choices;
    /** The roles that it declares and that the run does not deploy, since file or target lack some of their policies. */
    readonly unreadRoles?: readonly UnreadRole[];
    /** The name of a deployed role to the services that methods and authorizers which the run leaves out call under it. */
    readonly otherServices?: Readonly<Record<string, readonly string[]>>;
    /** The names of the streams that it declares. */
    readonly streams?: readonly string[];
    /** Whether a KMS key other than Kinesis's default one may encrypt a stream that the API serves; absent: unknown. */
    readonly mayHaveOwnKey?: boolean;
  };
  /** What the run did not deploy on this target, besides what the definition already shows. */
  readonly leftOut?: readonly LeftOut[];
  /** What the API offers; absent if it could not be read. */
  readonly interface?: Interface;
  /** The variables of the judged stage. */
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** What the API adds around stream names, which the run's streams therefore have in their names; absent: nothing. */
  readonly streamAffix?: Affix;
  /** The only streams that the definition's own roles may access, although clients can name others; absent: any. */
  readonly servedStreams?: readonly string[];
  readonly target: {
    readonly kind: TargetKind;
    readonly name: string;
    readonly version: string;
    /** The kind of target whose waits apply. */
    readonly behaves: TargetKind;
  };
  readonly capabilities: readonly Capability[];
  /** Makes Kinesis throttle every put; absent if Kinesis throttles by itself, or cannot be switched. */
  readonly throttling?: Switch;
  readonly region: string;
  readonly access: AwsAccess;
  /** The judged API, under the full-access role. */
  readonly proxy: DeployedApi;
  /** The same definition deployed under other roles, as far as the selection needs them. */
  readonly underRole: Readonly<Partial<Record<RoleName, DeployedApi>>>;
  /** The full name of the stream that the role `one-stream` may access. */
  readonly permittedStream: string;
  readonly authentication?: Authentication;
  /** One line that tells the user something about how the API was deployed. */
  readonly note?: string;
  /** Keep the exchanges of passed scenarios too. */
  readonly keepsExchanges?: boolean;
  /** Keep what a failing scenario created, and the streams that scenarios share. */
  readonly keepsStreams?: boolean;
  /** Absent: the run may create and delete streams with its prefix. */
  readonly limits?: Limits;
  /** The tags of the run's streams; absent on a target that ends with the run. */
  readonly tags?: Tags;
  /** The path of the run's journal; absent on a target that ends with the run. */
  readonly journal?: string;
}

/** The environment variable that passes a Deployment, as JSON, to cucumber's workers. */
export const DEPLOYMENT_VARIABLE = 'KPC_DEPLOYMENT';
