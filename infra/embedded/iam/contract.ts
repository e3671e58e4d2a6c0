/** A role in use by a service: what an integration's call to Kinesis runs as. */
export interface RoleSession {
  readonly roleArn: string;
  /** `arn:aws:sts::{account}:assumed-role/{role}/{session}`, as error texts name it. */
  readonly sessionArn: string;
}

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: 'implicit-deny' | 'explicit-deny' };

/** May this caller do this action (`kinesis:PutRecord`) to this resource (an ARN, or `*`)? */
export type Authorize = (action: string, resourceArn: string) => Decision;

/** The part of IAM and STS that other services of the embedded AWS lean on. */
export interface RoleAuthority {
  /** Undefined when the role is missing or its trust policy does not let the service assume it. */
  assumeRole(roleArn: string, servicePrincipal: string, sessionName: string): RoleSession | undefined;
  authorize(session: RoleSession, action: string, resourceArn: string): Decision;
}
