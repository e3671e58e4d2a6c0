import type { Account } from './account.ts';
import { type ControlPlane, createControlPlane } from './apigateway/control/control-plane.ts';
import type { AccessControl } from './apigateway/dataplane/authorization.ts';
import { createDataPlane } from './apigateway/dataplane/data-plane.ts';
import type { DataPlane } from './apigateway/dataplane/types.ts';
import { type HttpRequest, type HttpResponse, LostConnection, logUnexpected } from './http.ts';
import { createIam, type IamService } from './iam/service.ts';
import type { DecidedCall, RoleAuthority } from './iam/types.ts';
import { type ConditionedKinesis, withConditions } from './kinesis/conditions.ts';
import { serveDirectCall } from './kinesis/direct.ts';
import { createKinesis } from './kinesis/service.ts';
import type { Duration, KinesisService } from './kinesis/types.ts';
import { createBackend } from './server/backend.ts';
import { browserRefusal } from './server/browsers.ts';
import { createCallerAuthentication } from './server/caller-authentication.ts';
import { type Destination, destinationOf } from './server/destination.ts';
import { iamAuthorizer } from './server/iam-authorizer.ts';
import { listen } from './server/listener.ts';

export { PortInUse } from './server/listener.ts';

export interface EmbeddedOptions {
  /** 0, the default, picks a free port. */
  readonly port?: number;
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** us-east-1 by default. */
  readonly region?: string;
  /** 12 digits; 000000000000 by default. */
  readonly accountId?: string;
  /** How long a stream stays CREATING, in milliseconds; 100 by default. */
  readonly createMillis?: Duration;
  /** How long a stream stays DELETING, in milliseconds; 100 by default. */
  readonly deleteMillis?: Duration;
  /** How much longer it stays so until a client has described the stream, in milliseconds; 0 by default. */
  readonly unseenMillis?: number;
  /** The maximum memory for Kinesis's records, in bytes; half of V8's heap limit by default. */
  readonly maxStoredBytes?: number;
  /** The clock, in milliseconds since the epoch. */
  readonly now?: () => number;
  readonly middleware?: Middleware;
  /**
   * Whether API Gateway's control plane, IAM, STS and Kinesis refuse bad signatures and keys that this account never
   * issued; by default they verify nothing, and treat an unknown key as the account's root. Policies of users and
   * sessions apply either way.
   */
  readonly verifyCallers?: boolean;
  /** Called with every policy decision about users, sessions and execution roles. */
  readonly onDecision?: (call: DecidedCall) => void;
}

/** Middleware that tests put between the parts of this server: each function wraps the real one. */
export interface Middleware {
  /** Before Kinesis, for all callers; a request from the gateway has a `session`. It may throw LostConnection. */
  readonly kinesis?: (call: KinesisService['call']) => KinesisService['call'];
  /** Before IAM, where API Gateway assumes a role. */
  readonly authority?: (authority: RoleAuthority) => RoleAuthority;
  /** Before the lookup of a stage's deployment. */
  readonly stage?: (lookup: ControlPlane['stage']) => ControlPlane['stage'];
  /** Before everything that the port serves. A LostConnection ends the client's connection without an answer. */
  readonly port?: (serve: Serve) => Serve;
}

export type Serve = (request: HttpRequest) => Promise<HttpResponse>;

/** A running embedded AWS: what a client needs to call it. */
export interface EmbeddedAws {
  /** For any AWS SDK: API Gateway, IAM, STS and Kinesis. */
  readonly endpoint: string;
  /** The stage URL of a deployed API, a template: `…/{restApiId}/{stage}`. */
  readonly executeApiUrl: string;
  readonly region: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Handles a request as the port would, without a socket. Rejects only with LostConnection. */
  readonly serve: Serve;
  /** Closes all connections and frees the port; safe to call twice. */
  stop(): Promise<void>;
}

/** The root's keys, which may do everything. */
export const OWN_KEYS = {
  accessKeyId: 'AKIAEMBEDDEDAWS00001',
  secretAccessKey: 'the-embedded-aws-has-no-secrets',
};
const DEFAULT_STATE_MILLIS = 100;

/**
 * One byte more than API Gateway accepts, so that the data plane detects the excess (docs/facts/gateway.md#limits).
 */
const EXECUTE_API_BODY_BYTES = 10_485_761;
/** 10 MiB of records as base64, with their keys (docs/facts/kinesis.md#limits). */
const BODY_BYTES = 15 * 1024 * 1024;

interface Services {
  readonly control: ControlPlane;
  readonly dataPlane: DataPlane;
  readonly iam: IamService;
  readonly kinesis: ConditionedKinesis;
  readonly callerOf: ReturnType<typeof createCallerAuthentication>;
  /** Then Kinesis's conditions cannot be set: that endpoint does not identify its callers. */
  readonly verifiesCallers: boolean;
  /** The address that the port is on. */
  readonly host: string;
}

/** Starts the embedded AWS on one port, and resolves when it is ready. Throws PortInUse. */
export async function startEmbeddedAws(options: EmbeddedOptions = {}): Promise<EmbeddedAws> {
  const account: Account = {
    id: options.accountId ?? '000000000000',
    region: options.region ?? 'us-east-1',
    partition: 'aws',
    now: options.now ?? Date.now,
  };
  const host = options.host ?? '127.0.0.1';
  const { kinesis: beforeKinesis = same, port: beforePort = same } = options.middleware ?? {};
  const inner = createKinesis({
    account,
    createMillis: options.createMillis ?? DEFAULT_STATE_MILLIS,
    deleteMillis: options.deleteMillis ?? DEFAULT_STATE_MILLIS,
    unseenMillis: options.unseenMillis ?? 0,
    ...(options.maxStoredBytes !== undefined && { maxStoredBytes: options.maxStoredBytes }),
  });
  const conditioned = withConditions(inner);
  const kinesis = { ...conditioned, call: beforeKinesis(conditioned.call) };
  const services = assemble(account, kinesis, { ...options, host });
  const handle = async (request: HttpRequest, isTruncated: boolean) => {
    try {
      return await beforePort((changed) => serve(services, changed, isTruncated))(request);
    } catch (error) {
      if (error instanceof LostConnection) throw error;
      logUnexpected(error);
      return json(500, { message: 'Internal server error' });
    }
  };
  const listener = await listen({ port: options.port ?? 0, host, bodyLimit, handle });
  const endpoint = `http://${host.includes(':') ? `[${host}]` : host}:${listener.port}`;
  let stopped: Promise<void> | undefined;
  return {
    endpoint,
    executeApiUrl: `${endpoint}/_aws/execute-api/{restApiId}/{stage}`,
    region: account.region,
    accountId: account.id,
    ...OWN_KEYS,
    serve: (request) => handle(request, request.body.length > bodyLimit(request)),
    async stop() {
      stopped ??= listener.stop();
      await stopped;
    },
  };
}

/** The maximum number of body bytes to read for a request. */
function bodyLimit(request: Omit<HttpRequest, 'body'>): number {
  return destinationOf(request).kind === 'execute-api' ? EXECUTE_API_BODY_BYTES : BODY_BYTES;
}

function same<T>(value: T): T {
  return value;
}

function assemble(
  account: Account,
  kinesis: ConditionedKinesis,
  options: EmbeddedOptions & { readonly host: string },
): Services {
  const iam = createIam(account, OWN_KEYS, options.onDecision);
  const { sessions } = iam;
  const { authority: beforeAuthority = same, stage: beforeStage = same } = options.middleware ?? {};
  const authority = beforeAuthority(sessions);
  const callerOfKey = (accessKeyId: string) => sessions.holderOf(accessKeyId)?.caller;
  const backend = createBackend({ account, authority, callerOfKey, kinesis });
  const accessControl: AccessControl = {
    authorize: iamAuthorizer(account, sessions),
    apiKeyId: (key, { restApiId }, { stageName }) => control.apiKeyId(key, restApiId, stageName),
    keyLimits: (key, { restApiId }, { stageName }) => control.keyLimits(key, restApiId, stageName),
  };
  const dataPlane = createDataPlane({ account, backend, accessControl });
  const control = createControlPlane({ account, testInvoke: dataPlane.testInvoke });
  const callerOf = createCallerAuthentication({
    account,
    sessions,
    isStrict: options.verifyCallers ?? false,
  });
  const { host } = options;
  return {
    control: { ...control, stage: beforeStage(control.stage) },
    dataPlane,
    iam,
    kinesis,
    callerOf,
    verifiesCallers: options.verifyCallers ?? false,
    host,
  };
}

async function serve(services: Services, request: HttpRequest, isTruncated: boolean): Promise<HttpResponse> {
  const destination = destinationOf(request);
  if (destination.kind === 'execute-api') return invoke(services, destination, request);
  const refusal = browserRefusal(request, services.host);
  if (refusal !== undefined) return refusal;
  if (isTruncated) return json(413, { message: `The body exceeds ${BODY_BYTES} bytes.` });
  switch (destination.kind) {
    case 'health':
      return json(200, { status: 'running' });
    case 'conditions':
      return request.method === 'POST' && !services.verifiesCallers
        ? services.kinesis.setConditions(request.body)
        : notServed(request);
    case 'apigateway':
    case 'iam':
      return called(services, request, destination.kind);
    case 'kinesis':
      return serveDirectCall(request, async (call) => {
        const result = await services.callerOf(request, 'kinesis');
        if ('refusal' in result) return result.refusal;
        const { arn: callerArn, authorize, isRoot } = result.caller;
        return services.kinesis.call(isRoot ? call : { ...call, callerArn, authorize });
      });
    case 'unknown':
      return notServed(request);
  }
}

async function called(
  { control, iam, callerOf }: Services,
  request: HttpRequest,
  service: 'apigateway' | 'iam',
): Promise<HttpResponse> {
  const result = await callerOf(request, service);
  if ('refusal' in result) return result.refusal;
  const { caller } = result;
  if (service === 'iam') return iam.handle(request, caller);
  return (await control.handle(request, caller.isRoot ? undefined : caller)) ?? notServed(request);
}

async function invoke(
  { control, dataPlane }: Services,
  { restApiId, stage, path }: Extract<Destination, { kind: 'execute-api' }>,
  request: HttpRequest,
): Promise<HttpResponse> {
  // docs/facts/tutorial.md#weak-points: an address without a stage.
  if (stage === undefined)
    return refused('Missing Authentication Token', 'MissingAuthenticationTokenException');
  const deployed = control.stage(restApiId, stage);
  // Not recorded for an unknown API or stage (inferred).
  if (deployed === undefined) return refused('Forbidden', 'ForbiddenException');
  const query = request.target.split(/\?(.*)/s)[1] ?? '';
  return dataPlane.invoke(deployed.snapshot, deployed.context, { ...request, path, query });
}

function refused(message: string, errorType: string): HttpResponse {
  const answer = json(403, { message });
  return { ...answer, headers: [...answer.headers, ['x-amzn-ErrorType', errorType]] };
}

function notServed({ method, target }: HttpRequest): HttpResponse {
  return json(404, {
    message: `The embedded AWS has no service for ${method} ${target}: it serves API Gateway, IAM, STS and Kinesis.`,
  });
}

function json(status: number, body: object): HttpResponse {
  return { status, headers: [['Content-Type', 'application/json']], body: JSON.stringify(body) };
}
