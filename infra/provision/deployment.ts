import type { RoleName } from '../proxy/roles.ts';
import type { Capability } from '../targets/capabilities.ts';
import type { AwsAccess, TargetKind } from '../targets/target.ts';

/** One REST API as deployed to a stage. */
export interface DeployedApi {
  /** Stage URL without a trailing slash. */
  readonly baseUrl: string;
  /** The Host header that calls have to carry, where the target routes by it. */
  readonly host?: string;
  readonly restApiId?: string;
  readonly stage?: string;
  readonly roleArn?: string;
  readonly roleName?: string;
}

/** The proxy under test, deployed: plain data, so that it can be handed to any worker. */
export interface Deployment {
  /** Unique per run; streams, roles and tags of the run carry `prefix`, which is `kpc-<runId>-`. */
  readonly runId: string;
  readonly prefix: string;
  readonly definition: { readonly name: string; readonly path: string; readonly sha256: string };
  readonly target: { readonly kind: TargetKind; readonly name: string; readonly version: string };
  readonly capabilities: readonly Capability[];
  readonly region: string;
  readonly access: AwsAccess;
  /** The API that is judged, under the full-access role. */
  readonly proxy: DeployedApi;
  /** The same definition under other roles, where the selection needs them. */
  readonly underRole: Readonly<Partial<Record<RoleName, DeployedApi>>>;
  /** The stream that the role `one-stream` may reach: a full name. */
  readonly permittedStream: string;
}

/** The environment variable that carries a Deployment, as JSON, to cucumber's workers. */
export const DEPLOYMENT_VARIABLE = 'KPC_DEPLOYMENT';
