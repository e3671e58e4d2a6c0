import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreatePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { loadDefinition } from '../../infra/definition/definition.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../infra/embedded/embedded-aws.ts';
import type { DecidedCall } from '../../infra/embedded/iam/types.ts';
import { BOUNDARY_VARIABLE } from '../../infra/provision/boundary.ts';
import { createClients } from '../../infra/provision/clients.ts';
import { provision } from '../../infra/provision/provision.ts';
import { LIFETIME } from '../../infra/provision/tags.ts';
import { UndoStack } from '../../infra/provision/undo.ts';
import { CLOCK_VARIABLE } from '../../infra/retry/clock.ts';
import { findAbandoned, type Removal, removeAll, waitUntilGone } from '../../infra/sweep/sweep.ts';
import { asTarget } from '../../infra/targets/embedded.ts';
import type { AwsAccess, Target } from '../../infra/targets/target.ts';
import { parseOptions } from '../../support/run/options.ts';
import type { Results } from '../../support/run/results.ts';
import { executeRun, planRun } from '../../support/run/run.ts';
import { ROOT } from '../../support/run/suite.ts';

/** What a whole run and a sweep on a strict account were allowed and denied. */
export interface Rehearsal {
  readonly results: Results;
  /** The results with an API whose methods require signatures, for the clauses that also use other roles. */
  readonly signing: Results;
  /** What the run created and could not delete. */
  readonly left: readonly string[];
  /** The exit code and the output of the doctor. */
  readonly doctor: { readonly code: number | null; readonly said: string };
  /** The result of sweeping what another run had left. */
  readonly removals: readonly Removal[];
  /** The calls of the runner, except its doctor. */
  readonly calls: readonly DecidedCall[];
  /** The calls of the doctor, which also checks permissions by calls that must not change anything. */
  readonly doctorCalls: readonly DecidedCall[];
  /** The calls of the execution roles and users that it created. */
  readonly madeCalls: readonly DecidedCall[];
}

/** The policies for the rehearsal of a run, as JSON text. */
export interface Policies {
  readonly runner: string;
  readonly boundary: string;
}

export const BOUNDARY = 'kinesis-proxy-conformance-boundary';
export const ACCOUNT = '123456789012';
const RUNNER = 'kinesis-proxy-conformance-runner';
/** The id of the run whose leftovers are swept. */
const EARLIER = '0123abcd';

/**
 * Runs the whole suite and a doctor, then a sweep, as a session of a role with exactly this policy, in an embedded AWS
 * that verifies every caller. The run treats the target as AWS, but does not wait as long as on AWS.
 */
export async function rehearse(policies: Policies): Promise<Rehearsal> {
  const decided: DecidedCall[] = [];
  const folder = mkdtempSync(path.join(tmpdir(), 'kpc-privilege-'));
  const aws = await startStrictAws((call) => decided.push(call));
  process.env[BOUNDARY_VARIABLE] = BOUNDARY;
  try {
    const own = asTarget(aws);
    const credentials = await runnerSession(own, policies);
    const target: Target = {
      ...own,
      kind: 'aws',
      behaves: 'embedded',
      account: ACCOUNT,
      sharesApi: true,
      access: { ...own.access, credentials },
      ephemeral: false,
      stop: async () => undefined,
    };
    const planned = planRun(parseOptions(['--target', 'aws', '--journal', folder], {}, folder), ROOT);
    const examined = examine({ ...own.access, credentials: await sessionOfRunner(own.access, 'doctor') });
    const { results, left } = await executeRun(planned, {}, { target });
    const signed = path.join(folder, 'signed.yaml');
    writeFileSync(signed, signedTutorial());
    const roleClauses = ['ROLE-2', 'ROLE-3', 'ROLE-4', 'ROLE-5', 'ROLE-6', 'SAFE-14'].flatMap((id) => [
      '--clause',
      id,
    ]);
    const ofSigned = planRun(
      parseOptions(
        ['--target', 'aws', '--definition', signed, '--journal', folder, ...roleClauses],
        {},
        folder,
      ),
      ROOT,
    );
    const signing = await executeRun(ofSigned, {}, { target });
    const doctor = await examined;
    const removals = await sweepLeftovers(target);
    const of = (role: RegExp) => decided.filter(({ callerArn }) => role.test(callerArn));
    return {
      results,
      left: [...left, ...signing.left],
      signing: signing.results,
      doctor,
      removals,
      calls: of(/:assumed-role\/kinesis-proxy-conformance-runner\/nightly$/),
      doctorCalls: of(/:assumed-role\/kinesis-proxy-conformance-runner\/doctor$/),
      madeCalls: of(/:assumed-role\/kpc-|:user\/kinesis-proxy-conformance\/kpc-/),
    };
  } finally {
    delete process.env[BOUNDARY_VARIABLE];
    await aws.stop();
    rmSync(folder, { recursive: true });
  }
}

/** The tutorial's API with AWS_IAM on each method, as JSON text. */
function signedTutorial(): string {
  const { openapi } = loadDefinition('tutorial').declare({
    region: 'us-east-1',
    accountId: ACCOUNT,
    stackName: 'signed',
  });
  const { paths, components } = openapi as {
    paths: Record<string, Record<string, { security?: unknown }>>;
    components?: object;
  };
  for (const item of Object.values(paths))
    for (const operation of Object.values(item)) operation.security = [{ sigv4: [] }];
  const sigv4 = {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  };
  return JSON.stringify({ ...openapi, components: { ...components, securitySchemes: { sigv4 } } });
}

/** The doctor as the nightly calls it, except for the endpoint. */
async function examine(access: AwsAccess): Promise<Rehearsal['doctor']> {
  const { endpoint = '', region, credentials } = access;
  const doctor = spawn(
    process.execPath,
    [path.join(ROOT, 'support/cli/main.mjs'), 'doctor', '--target', 'aws', '--endpoint', endpoint],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        // It observes AWS's quotas, and only one REST API may be deleted every 30 s (docs/facts/gateway.md#limits):
        // a faster clock shortens that wait.
        [CLOCK_VARIABLE]: '100',
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: credentials?.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials?.secretAccessKey,
        AWS_SESSION_TOKEN: credentials?.sessionToken,
      },
    },
  );
  let said = '';
  doctor.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(doctor, 'close');
  return { code, said };
}

/** An embedded AWS that verifies every caller. */
export function startStrictAws(
  onDecision: (call: DecidedCall) => void = () => undefined,
  region = 'us-east-1',
): Promise<EmbeddedAws> {
  return startEmbeddedAws({
    region,
    accountId: ACCOUNT,
    createMillis: 3,
    deleteMillis: 3,
    unseenMillis: 500,
    verifyCallers: true,
    onDecision,
  });
}

/** Creates the runner's role and its boundary, as the bootstrap stack does, and a session of the role. */
export async function runnerSession(
  { access }: Pick<Target, 'access'>,
  policies: Policies,
): Promise<NonNullable<Target['access']['credentials']>> {
  const iam = new IAMClient(access);
  await iam.send(new CreatePolicyCommand({ PolicyName: BOUNDARY, PolicyDocument: policies.boundary }));
  await iam.send(
    new CreateRoleCommand({
      RoleName: RUNNER,
      AssumeRolePolicyDocument: trusting(`arn:aws:iam::${ACCOUNT}:root`),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({ RoleName: RUNNER, PolicyName: 'runner', PolicyDocument: policies.runner }),
  );
  iam.destroy();
  return sessionOfRunner(access, 'nightly');
}

async function sessionOfRunner(
  access: AwsAccess,
  RoleSessionName: string,
): Promise<NonNullable<AwsAccess['credentials']>> {
  const sts = new STSClient(access);
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/${RUNNER}`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName }));
  sts.destroy();
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
}

function trusting(AWS: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }],
  });
}

/** Creates what a killed run leaves, and sweeps it as the nightly does before and after its run. */
async function sweepLeftovers(target: Target): Promise<Removal[]> {
  const clients = createClients(target.access);
  try {
    const definition = loadDefinition('tutorial');
    const { prefix, tags } = await provision({
      target,
      clients,
      definition,
      runId: EARLIER,
      roles: new Set(['read-only']),
      undo: new UndoStack(),
      authentication: { iam: true, apiKey: false, headers: {} },
    });
    const StreamName = `${prefix}left`;
    await clients.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1, Tags: { ...tags } }));
    const findings = await findAbandoned(clients, {
      olderThan: 1,
      now: Date.now() + LIFETIME,
      run: undefined,
      except: new Set(),
    });
    const removals = await removeAll(clients, findings);
    await waitUntilGone(clients, [StreamName]);
    return removals;
  } finally {
    clients.destroy();
  }
}
