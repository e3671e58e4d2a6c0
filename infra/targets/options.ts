import type { Interface } from '../definition/interface/types.ts';
import type { TargetKind } from './target.ts';

/** An API that is already deployed, and what a run may do with it. */
export interface DeployedApiOptions {
  /** The stage URL, without a trailing slash. */
  readonly url: string;
  /** For URLs that do not contain it. */
  readonly restApiId: string | undefined;
  readonly apiKey: string | undefined;
  readonly readOnly: boolean;
  /** An existing stream, for a run that creates none. */
  readonly stream: string | undefined;
  /** What the API offers according to the user's file; undefined: the run reads it from the API, or assumes it. */
  readonly offered?: Interface;
}

/** How clients authenticate. Absent: as the methods demand if the run can arrange it, otherwise not at all. */
export interface AuthenticationOptions {
  /** Calls are signed. */
  readonly iam: boolean;
  /** Calls carry an API key. */
  readonly apiKey: boolean;
  /** Headers that calls carry; their values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Simulated AWS behaviour. The same seed gives the same behaviour as long as the runs make the same calls. */
export interface Simulated {
  readonly seed: number;
}

/** Options of all targets; each target uses those that concern it. */
export interface TargetOptions {
  readonly target: TargetKind;
  readonly endpoint: string | undefined;
  readonly executeApiUrl: string | undefined;
  readonly region: string;
  /** On the embedded AWS: the SDK's calls use the port too, as calls of the proxy always do. */
  readonly sockets?: boolean;
  /** Present when the run simulates AWS's behaviour in front of the embedded AWS, which then stands in for `aws`. */
  readonly simulate?: Simulated;
  readonly authentication?: AuthenticationOptions;
  /** Required for the target `url`. */
  readonly deployed?: DeployedApiOptions;
}
