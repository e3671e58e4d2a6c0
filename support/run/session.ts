import { randomBytes } from 'node:crypto';
import { DeleteStreamCommand, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { messageOf } from '../../infra/errors.ts';
import { attach } from '../../infra/provision/attach.ts';
import { type Clients, createClients } from '../../infra/provision/clients.ts';
import type { Deployment } from '../../infra/provision/deployment.ts';
import { type Alterations, provision } from '../../infra/provision/provision.ts';
import { UndoStack } from '../../infra/provision/undo.ts';
import type { Definition } from '../../infra/proxy/definition.ts';
import type { RoleName } from '../../infra/proxy/roles.ts';
import { startTarget, type TargetWish } from '../../infra/targets/start.ts';
import type { Target } from '../../infra/targets/target.ts';
import { HttpClient } from '../client/http.ts';
import { kinesisThroughProxy } from '../observe/through-proxy.ts';
import { callerOf } from '../observe/worker.ts';
import type { RunOptions } from './options.ts';

type SessionOptions = TargetWish & Pick<RunOptions, 'keep'>;

/** What a session is given instead of what it would make itself; it stops the target as it would its own. */
export interface SessionParts {
  readonly target?: Target;
  readonly alterations?: Alterations;
}

/** A target and what is deployed on it, from before it starts until after all is undone. */
export class Session {
  readonly #options: SessionOptions;
  readonly #parts: SessionParts;
  readonly #undo = new UndoStack();
  #target: Target | undefined;
  #clients: Clients | undefined;
  #deployment: Deployment | undefined;
  #opening: Promise<unknown> = Promise.resolve();
  #closing: Promise<string[]> | undefined;

  constructor(options: SessionOptions, parts: SessionParts = {}) {
    this.#options = options;
    this.#parts = parts;
  }

  /** Undefined until it runs. */
  get target(): Target | undefined {
    return this.#target;
  }

  /**
   * Starts the target and deploys the definition on it; whatever happens, `close` has to be called.
   * @throws TargetError when the target cannot be started or refuses the definition.
   */
  async open(
    definition: Definition,
    roles: ReadonlySet<RoleName>,
  ): Promise<{ target: Target; deployment: Deployment }> {
    const opening = this.#open(definition, roles);
    this.#opening = opening.catch(() => undefined);
    return opening;
  }

  async #open(definition: Definition, roles: ReadonlySet<RoleName>) {
    const target = this.#parts.target ?? (await startTarget(this.#options));
    this.#target = target;
    const clients = createClients(target.access);
    this.#clients = clients;
    const runId = randomBytes(4).toString('hex');
    const { attached } = target;
    const deployment = attached
      ? attach(target, attached, runId)
      : await provision({ target, clients, definition, runId, roles, undo: this.#undo, ...this.#parts });
    this.#deployment = deployment;
    return { target, deployment };
  }

  /**
   * Undoes the deployment, deletes the run's streams and stops the target, also while it is still opening; safe to
   * call twice. With `keep` everything stays.
   * @returns one line for each thing that is still there.
   */
  close(): Promise<string[]> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<string[]> {
    this.#undo.seal();
    await this.#opening;
    const left: string[] = [];
    if (!this.#options.keep) {
      if (this.#clients && !this.#target?.ephemeral) {
        if (this.#deployment) left.push(...(await sweep(this.#clients, this.#deployment)));
        left.push(...(await this.#undo.unwind()));
      }
      await this.#target?.stop();
    }
    this.#clients?.destroy();
    return left;
  }
}

/** Where Kinesis cannot be asked directly, the proxy is. */
async function sweep(clients: Clients, deployment: Deployment): Promise<string[]> {
  if (deployment.limits) return [];
  if (deployment.capabilities.includes('direct-kinesis')) return deleteStreams(clients, deployment.prefix);
  const http = new HttpClient();
  const kinesis = kinesisThroughProxy(callerOf(deployment, http, clients), deployment.proxy);
  const left = await deleteStreams({ kinesis }, deployment.prefix);
  await http.close();
  return left;
}

/** The last sweep: whatever a scenario, or a defective proxy, left under the run's own prefix. */
async function deleteStreams({ kinesis }: Pick<Clients, 'kinesis'>, prefix: string): Promise<string[]> {
  try {
    const names: string[] = [];
    let start: string | undefined = prefix;
    do {
      const page: { StreamNames?: string[] | undefined; HasMoreStreams?: boolean | undefined } =
        await kinesis.send(new ListStreamsCommand({ ExclusiveStartStreamName: start }));
      const found = page.StreamNames ?? [];
      names.push(...found.filter((name) => name.startsWith(prefix)));
      const last = found.at(-1);
      start = page.HasMoreStreams && last !== start && last?.startsWith(prefix) ? last : undefined;
    } while (start !== undefined);
    const left: string[] = [];
    for (const StreamName of names)
      await kinesis
        .send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true }))
        .catch((error) => {
          if (error?.name !== 'ResourceNotFoundException' && error?.name !== 'ResourceInUseException')
            left.push(`stream ${StreamName}: ${messageOf(error)}`);
        });
    return left;
  } catch (error) {
    return [`streams named ${prefix}…: ${messageOf(error)}`];
  }
}
