import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { type Definition, loadDefinition } from '../../definition/definition.ts';
import { type EmbeddedAws, type EmbeddedOptions, startEmbeddedAws } from '../../embedded/embedded-aws.ts';
import type { HttpResponse } from '../../embedded/http.ts';
import { type Clients, createClients } from '../../provision/clients.ts';
import type { Deployment } from '../../provision/deployment.ts';
import { provision } from '../../provision/provision.ts';
import { UndoStack } from '../../provision/undo.ts';
import { authenticate } from '../../targets/authenticate.ts';
import { asTarget } from '../../targets/embedded.ts';

export const RUN_ID = '5afe5afe';

/** A request that API Gateway sent to Kinesis. */
export interface Sent {
  readonly action: string;
  /** JSON text. */
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The parsed body. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface CallOptions {
  /** Strings are sent unchanged, anything else as JSON. */
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The key that signs the call; the root's by default, null for an unsigned call. */
  readonly signer?: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
}

/** How Kinesis misbehaves for API Gateway's calls. */
interface Fault {
  answer: HttpResponse | undefined;
  delayMillis: number;
}

/** For tests: hardened.yaml on a separate embedded AWS, called over HTTP. */
export class HardenedApi {
  readonly aws: EmbeddedAws;
  readonly clients: Clients;
  readonly deployment: Deployment;
  /** Oldest first. */
  readonly sent: Sent[];
  readonly #fault: Fault;

  private constructor(parts: {
    aws: EmbeddedAws;
    clients: Clients;
    deployment: Deployment;
    sent: Sent[];
    fault: Fault;
  }) {
    this.aws = parts.aws;
    this.clients = parts.clients;
    this.deployment = parts.deployment;
    this.sent = parts.sent;
    this.#fault = parts.fault;
  }

  /** @param alter changes the definition, as JSON text, before it is deployed. */
  static async start(
    options: EmbeddedOptions = {},
    alter: (document: string) => string = (document) => document,
  ): Promise<HardenedApi> {
    const sent: Sent[] = [];
    const fault: Fault = { answer: undefined, delayMillis: 0 };
    const aws = await startEmbeddedAws({
      createMillis: 0,
      deleteMillis: 0,
      ...options,
      middleware: {
        kinesis: (call) => async (asked) => {
          if (asked.session === undefined) return call(asked);
          sent.push({ action: asked.action ?? '', body: asked.body.toString() });
          await sleep(fault.delayMillis);
          return fault.answer ?? call(asked);
        },
      },
    });
    const target = asTarget(aws);
    const clients = createClients(target.access);
    const hardened = loadDefinition('hardened');
    const definition: Definition = {
      ...hardened,
      declare: (names) => {
        const declared = hardened.declare(names);
        return { ...declared, openapi: JSON.parse(alter(JSON.stringify(declared.openapi))) };
      },
    };
    const undo = new UndoStack();
    const roles: ReadonlySet<never> = new Set();
    const deployment = await provision({ target, clients, definition, runId: RUN_ID, roles, undo });
    return new HardenedApi({ aws, clients, deployment, sent, fault });
  }

  /** A stream name that the API's role may use. */
  name(own: string): string {
    return this.deployment.prefix + own;
  }

  /** @param path percent-encoded, below the stage. */
  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { body, query = {}, signer } = options;
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const search = new URLSearchParams(query).toString();
    const call = {
      method,
      url: `${this.deployment.proxy.baseUrl}${path}${search && `?${search}`}`,
      headers: { ...(text !== undefined && { 'Content-Type': 'application/json' }), ...options.headers },
      ...(text !== undefined && { body: text }),
    };
    const { accessKeyId, secretAccessKey } = signer ?? this.aws;
    const signed =
      signer === null
        ? call
        : await authenticate(call, { iam: { region: this.aws.region } }, async () => ({
            accessKeyId,
            secretAccessKey,
          }));
    const answer = await request(signed.url, {
      method: method as 'GET',
      headers: signed.headers,
      body: text ?? null,
    });
    const received = await answer.body.text();
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: received,
      // A body that is not JSON fails the test that reads it.
      get json() {
        return JSON.parse(received);
      },
    };
  }

  /** Makes Kinesis give this answer to API Gateway until `attempt` has finished. */
  async whileKinesisAnswers<T>(status: number, body: unknown, attempt: () => Promise<T>): Promise<T> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    this.#fault.answer = {
      status,
      headers: [['Content-Type', 'application/x-amz-json-1.1']],
      body: text,
    };
    try {
      return await attempt();
    } finally {
      this.#fault.answer = undefined;
    }
  }

  /** Makes Kinesis slow from now on. */
  slowDown(delayMillis: number): void {
    this.#fault.delayMillis = delayMillis;
  }

  async stop(): Promise<void> {
    this.clients.destroy();
    await this.aws.stop();
  }
}
