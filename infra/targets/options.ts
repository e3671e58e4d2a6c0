import type { Interface } from '../definition/interface/types.ts';
import type { TargetKind } from './target.ts';

/** An API that is deployed already, and what a run may do with it. */
export interface DeployedApiOptions {
  /** Its stage URL, without a trailing slash. */
  readonly url: string;
  /** Where the URL does not tell it. */
  readonly restApiId: string | undefined;
  readonly apiKey: string | undefined;
  readonly readOnly: boolean;
  /** A stream that is there already, for a run that makes none. */
  readonly stream: string | undefined;
  /** What the API offers, as the user says, with the file as its source; undefined: it is read, or assumed. */
  readonly offered?: Interface;
}

/** What clients send to be let in. Absent: what the methods demand, where the run can make it, and else nothing. */
export interface AuthenticationOptions {
  /** Calls are signed. */
  readonly iam: boolean;
  /** Calls carry an API key. */
  readonly apiKey: boolean;
  /** Headers that calls carry; their values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
}

/** AWS's behaviour, simulated: by the same seed the same way, as far as a run is the same. */
export interface Simulated {
  readonly seed: number;
}

/** What a target may need to be told; each target takes what concerns it. */
export interface TargetOptions {
  readonly target: TargetKind;
  readonly endpoint: string | undefined;
  readonly executeApiUrl: string | undefined;
  readonly region: string;
  /** On the embedded AWS: the SDK's calls go by the port too, as those of the proxy always do. */
  readonly sockets?: boolean;
  /** Present where AWS's behaviour is simulated: in front of the embedded AWS, which stands in for `aws` too. */
  readonly simulate?: Simulated;
  readonly authentication?: AuthenticationOptions;
  /** What `url` has to be told. */
  readonly deployed?: DeployedApiOptions;
}
