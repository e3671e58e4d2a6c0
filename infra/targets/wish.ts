import type { TargetKind } from './target.ts';

export const AUTHS = ['none', 'iam'] as const;

/** An API that is deployed already, and what a run may do with it. */
export interface DeployedWish {
  /** Its stage URL, without a trailing slash. */
  readonly url: string;
  /** Where the URL does not tell it. */
  readonly restApiId: string | undefined;
  readonly auth: (typeof AUTHS)[number];
  readonly apiKey: string | undefined;
  readonly readOnly: boolean;
  /** A stream that is there already, for a run that makes none. */
  readonly stream: string | undefined;
}

/** AWS's behaviour, simulated: by the same seed the same way, as far as a run is the same. */
export interface Simulated {
  readonly seed: number;
}

/** What a target may need to be told; each target takes what concerns it. */
export interface TargetWish {
  readonly target: TargetKind;
  readonly endpoint: string | undefined;
  readonly executeApiUrl: string | undefined;
  readonly region: string;
  /** On the embedded AWS: the SDK's calls go by the port too, as those of the proxy always do. */
  readonly sockets?: boolean;
  /** Present where AWS's behaviour is simulated: in front of the embedded AWS, which stands in for `aws` too. */
  readonly simulate?: Simulated;
  /** What `url` has to be told. */
  readonly deployed?: DeployedWish;
}
