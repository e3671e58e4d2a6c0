import { randomBytes } from 'node:crypto';
import type { Definition } from '../../infra/definition/definition.ts';
import { messageOf } from '../../infra/errors.ts';
import { called, calledWith } from '../../infra/invocation.ts';
import { attach } from '../../infra/provision/attach.ts';
import { type Clients, createClients } from '../../infra/provision/clients.ts';
import type { Deployment } from '../../infra/provision/deployment.ts';
import { type Alterations, provision } from '../../infra/provision/provision.ts';
import { UndoStack } from '../../infra/provision/undo.ts';
import type { RoleName } from '../../infra/proxy/roles.ts';
import { type RetryCounts, rateLimiter } from '../../infra/retry/rate-limit.ts';
import { levelOf } from '../../infra/retry/waits.ts';
import { streamNames } from '../../infra/sweep/inventory.ts';
import { readJournal } from '../../infra/sweep/read-journal.ts';
import { remove } from '../../infra/sweep/remove.ts';
import { sweepRun } from '../../infra/sweep/sweep.ts';
import type { TargetOptions } from '../../infra/targets/options.ts';
import { startTarget } from '../../infra/targets/start.ts';
import type { Target } from '../../infra/targets/target.ts';
import { HttpClient } from '../client/http.ts';
import { kinesisThroughProxy } from '../observe/through-proxy.ts';
import { callerOf, makesStreams } from '../observe/worker.ts';
import { startJournal } from './journals.ts';
import type { RunOptions } from './options.ts';

type SessionOptions = TargetOptions & Pick<RunOptions, 'keep' | 'journal'>;

/** A target that the caller supplies instead of the session's own. The session stops it as well. */
export interface SessionParts {
  readonly target?: Target;
  readonly alterations?: Alterations;
}

/** A target and the API deployed on it, from the start of the target to the cleanup. */
export class Session {
  readonly #options: SessionOptions;
  readonly #parts: SessionParts;
  readonly #undo = new UndoStack();
  #target: Target | undefined;
  #retriesCalls = false;
  #clients: Clients | undefined;
  #opening: Promise<unknown> = Promise.resolve();
  #closing: Promise<string[]> | undefined;
  #deployment: Deployment | undefined;
  #isAbandoned = false;
  #retryCounts: RetryCounts | undefined;

  constructor(options: SessionOptions, parts: SessionParts = {}) {
    this.#options = options;
    this.#parts = parts;
  }

  /** Undefined until it runs. */
  get target(): Target | undefined {
    return this.#target;
  }

  /** The retries, once the session is closed; undefined if calls to the target are not retried. */
  get retryCounts(): RetryCounts | undefined {
    return this.#retryCounts;
  }

  /**
   * Starts the target and deploys the definition on it; the caller must call `close` in any case.
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
    const level = levelOf(target.behaves ?? target.kind);
    this.#retriesCalls = level === 'aws';
    if (this.#retriesCalls) rateLimiter.open();
    const clients = createClients(target.access, level);
    this.#clients = clients;
    const runId = randomBytes(4).toString('hex');
    const { attached } = target;
    if (attached) {
      const deployment = attach(target, attached, runId);
      // A sweep could not find streams either if Kinesis cannot be queried directly.
      if (!attached.limits && deployment.capabilities.includes('direct-kinesis'))
        this.#undo.writeTo(startJournal(target, runId, this.#options));
      const { file } = this.#undo.journal;
      this.#deployment = {
        ...deployment,
        ...(file !== undefined && { journal: file }),
        ...(this.#options.keep && { keepsStreams: true }),
      };
      return { target, deployment: this.#deployment };
    }
    this.#undo.writeTo(startJournal(target, runId, this.#options));
    const deployment = await provision({
      target,
      clients,
      definition,
      runId,
      roles,
      undo: this.#undo,
      authentication: this.#options.authentication,
      ...this.#parts,
    });
    this.#deployment = { ...deployment, ...(this.#options.keep && { keepsStreams: true }) };
    return { target, deployment: this.#deployment };
  }

  /**
   * Removes the deployment, deletes the run's streams and stops the target. Can be called while the session is
   * opening, and more than once. With `keep` everything stays.
   * @returns a line to print for each thing that is still there: `left behind: …`, or `Kept (--keep): …`.
   */
  close(): Promise<string[]> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Closes before the run has ended: nothing more is created, and creations in progress are awaited. */
  abandon(): Promise<string[]> {
    this.#isAbandoned = true;
    return this.close();
  }

  async #close(): Promise<string[]> {
    this.#undo.seal();
    await this.#opening;
    const lines: string[] = [];
    if (!this.#options.keep) {
      const left: string[] = [];
      if (this.#clients && !this.#target?.ephemeral) {
        const undone = await this.#undo.unwind();
        // The journal has everything that the undo stack has, and what scenarios created.
        left.push(...(this.#undo.journal.file === undefined ? undone : await this.#sweep(this.#clients)));
        if (this.#deployment) left.push(...(await sweepThroughProxy(this.#clients, this.#deployment)));
      }
      await this.#target?.stop();
      lines.push(...left.map((line) => `left behind: ${line}`));
    } else if (this.#undo.journal.file !== undefined && this.#deployment) {
      const { runId } = this.#deployment;
      lines.push(
        `Kept (--keep): everything from run ${runId}; ${calledWith('sweep')} --run ${runId} --yes deletes it`,
      );
    }
    this.#clients?.destroy();
    if (this.#retriesCalls) {
      this.#retryCounts = rateLimiter.takeCounts();
      rateLimiter.close();
    }
    return lines;
  }

  /** Deletes everything in the journal, including leftovers of scenarios or a defective proxy. */
  async #sweep(clients: Clients): Promise<string[]> {
    const { journal } = this.#undo;
    if (journal.file === undefined) return [];
    try {
      const alone: string[] = [];
      const failed = await sweepRun(clients, readJournal(journal.file), {
        mayComeLate: this.#isAbandoned,
        onLeftAlone: ({ kind, id, because }) => alone.push(`${kind} ${id}, left alone: ${because}`),
      });
      const left = failed.map(({ finding, problem }) => `${finding.kind} ${finding.id}: ${problem}`);
      if (left.length > 0)
        return [...alone, ...left, `${journal.file} lists them: ${called('sweep')} deletes them`];
      journal.remove();
      return alone;
    } catch (error) {
      return [
        `the resources listed in ${journal.file}, which ${called('sweep')} deletes: ${messageOf(error)}`,
      ];
    }
  }
}

/** Deletes streams through the proxy if Kinesis cannot be queried directly. */
async function sweepThroughProxy(clients: Clients, deployment: Deployment): Promise<string[]> {
  if (deployment.limits || deployment.capabilities.includes('direct-kinesis')) return [];
  if (!makesStreams(deployment.interface)) return [];
  const http = new HttpClient();
  const kinesis = kinesisThroughProxy(
    callerOf(deployment, http, clients),
    deployment.proxy,
    deployment.interface,
  );
  const asked = { ...clients, kinesis };
  const left: string[] = [];
  try {
    for (const id of await streamNames(asked, deployment.prefix))
      await remove(asked, { kind: 'stream', id }).catch((error: unknown) => {
        left.push(`stream ${id}: ${messageOf(error)}`);
      });
  } catch (error) {
    left.push(`streams named ${deployment.prefix}…: ${messageOf(error)}`);
  } finally {
    await http.close();
  }
  return left;
}
