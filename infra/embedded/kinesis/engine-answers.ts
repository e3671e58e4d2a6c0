import type { Engine } from './engine.ts';
import { internalFailure, KinesisError } from './errors.ts';

/**
 * Calls the engine about a stream and returns its answer's body. The front has refused what AWS refuses, so an
 * error that is left keeps its type, with the stream under its own name; anything else is InternalFailure.
 */
export async function callEngine(
  engine: Engine,
  stream: EngineStream,
  action: string,
  input: object,
): Promise<Record<string, unknown>> {
  await stream.inEngine();
  return askEngine(engine, stream, action, input);
}

/** A stream under its own name and the engine's. */
export interface EngineStream {
  readonly name: string;
  readonly engineName: string;
  /** Settles once the engine has it. */
  inEngine(): Promise<void>;
}

/** The same about a stream that the engine need not have yet. */
export async function askEngine(
  engine: Engine,
  stream: Pick<EngineStream, 'name' | 'engineName'>,
  action: string,
  input: object,
): Promise<Record<string, unknown>> {
  const { status, body } = await engine
    .call(action, { StreamName: stream.engineName, ...input })
    .catch(() => Promise.reject(internalFailure()));
  if (status < 400) return body;
  const { __type: type, message } = body;
  if (status >= 500 || typeof type !== 'string') throw internalFailure();
  const text = typeof message === 'string' ? message.replaceAll(stream.engineName, stream.name) : undefined;
  throw new KinesisError(type, text);
}
