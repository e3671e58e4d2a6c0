import { setTimeout as delay } from 'node:timers/promises';
import type { Implementation } from '../implementations/implementation.ts';
import { Memory, type Observation, observe } from './meaning.ts';
import type { SequenceRequest } from './request.ts';

/** Longer than a millisecond, in which Kinesis counts the times of records. */
const MARK_MILLIS = 2;
const POLL_MILLIS = 1;
const MAX_POLLS = 2000;

/** One implementation, going through one sequence. */
export class Player {
  readonly #call: Implementation['call'];
  readonly #memory = new Memory();
  readonly #streams = new Set<string>();

  constructor({ call }: Implementation) {
    this.#call = call;
  }

  /** Undefined where the request speaks of what this implementation never gave. */
  async play(request: SequenceRequest): Promise<Observation | undefined> {
    const { places } = this.#memory;
    if (request.action === 'mark') {
      await delay(MARK_MILLIS);
      places.set(String(request.fills), String(Date.now() / 1000));
      await delay(MARK_MILLIS);
      return undefined;
    }
    const body = fill(JSON.stringify(request.input), places);
    if (body === undefined) return undefined;
    const answer = await this.#call(request.action, body);
    const observation = observe(
      request,
      { ...answer, body: unfill(answer.body, request, places) },
      this.#memory,
    );
    if (answer.status !== 200 || request.settles === undefined) return observation;
    this.#streams.add(request.settles);
    const settled = await this.#settle(request.settles);
    return { ...observation, meaning: { ...observation.meaning, ...settled } };
  }

  /** Whether there is any answer in so many milliseconds. What it says is forgotten. */
  async answersWithin({ action, input }: SequenceRequest, millis: number): Promise<boolean> {
    const body = fill(JSON.stringify(input), this.#memory.places);
    if (body === undefined) return false;
    const answer = this.#call(action, body).then(() => true);
    return Promise.race([answer, delay(millis, false)]);
  }

  /** Deletes what is left. */
  async end(): Promise<void> {
    for (const name of this.#streams) await this.#call('DeleteStream', JSON.stringify({ StreamName: name }));
  }

  /** Waits until a stream is no longer in a passing state. @returns its shards then; none for one that is gone. */
  async #settle(name: string): Promise<Pick<Observation['meaning'], 'shards'>> {
    const request: SequenceRequest = { action: 'DescribeStream', input: { StreamName: name }, about: {} };
    for (let polls = 0; polls < MAX_POLLS; polls += 1) {
      const answer = await this.#call(request.action, JSON.stringify(request.input));
      const { outcome, meaning } = observe(request, answer, this.#memory);
      if (outcome.status !== 200) {
        this.#streams.delete(name);
        return {};
      }
      if (meaning.values?.StreamStatus === 'ACTIVE') return { shards: meaning.shards ?? [] };
      await delay(POLL_MILLIS);
    }
    throw new Error(`stream ${name} stays in a passing state`);
  }
}

const PLACE = /<(?:record|iterator|time|start|end) [^>]+>/g;

/** Undefined where a place has nothing in it. A time is a number, everything else a text. */
function fill(text: string, places: ReadonlyMap<string, string>): string | undefined {
  for (const [place] of text.matchAll(PLACE)) if (!places.has(place)) return undefined;
  return text
    .replaceAll(/"(<time [^>]+>)"/g, (_, place) => places.get(place) ?? '')
    .replaceAll(PLACE, (place) => places.get(place) ?? '');
}

/** An error text that repeats what was in a place. */
function unfill(text: string, { input }: SequenceRequest, places: ReadonlyMap<string, string>): string {
  if (!text.includes('"__type"')) return text;
  return [...JSON.stringify(input).matchAll(PLACE)].reduce(
    (emptied, [place]) => emptied.replaceAll(places.get(place) ?? place, place),
    text,
  );
}
