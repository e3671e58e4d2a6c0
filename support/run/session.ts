import { randomBytes } from 'node:crypto';
import { DeleteStreamCommand, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { messageOf } from '../../infra/errors.ts';
import { type Clients, createClients } from '../../infra/provision/clients.ts';
import type { Deployment } from '../../infra/provision/deployment.ts';
import { type Alterations, provision } from '../../infra/provision/provision.ts';
import { UndoStack } from '../../infra/provision/undo.ts';
import type { Definition } from '../../infra/proxy/definition.ts';
import type { RoleName } from '../../infra/proxy/roles.ts';
import { startTarget } from '../../infra/targets/start.ts';
import type { Target } from '../../infra/targets/target.ts';
import type { RunOptions } from './options.ts';

type SessionOptions = Pick<RunOptions, 'target' | 'endpoint' | 'executeApiUrl' | 'region' | 'keep'>;

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
    const deployment = await provision({
      target,
      clients,
      definition,
      runId,
      roles,
      undo: this.#undo,
      ...this.#parts,
    });
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
        if (this.#deployment) left.push(...(await deleteStreams(this.#clients, this.#deployment.prefix)));
        left.push(...(await this.#undo.unwind()));
      }
      await this.#target?.stop();
    }
    this.#clients?.destroy();
    return left;
  }
}

/** The last sweep: whatever a scenario, or a defective proxy, left under the run's own prefix. */
async function deleteStreams({ kinesis }: Clients, prefix: string): Promise<string[]> {
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
