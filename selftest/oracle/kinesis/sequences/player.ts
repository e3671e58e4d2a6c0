import { setTimeout as delay } from 'node:timers/promises';
import type { Implementation } from '../implementations/implementation.ts';
import { Memory, type Observation, observe } from './meaning.ts';
import type { SequenceRequest } from './request.ts';

/** Longer than a millisecond, the resolution of Kinesis's record times. */
const MARK_MILLIS = 2;
const POLL_MILLIS = 1;
const MAX_POLLS = 2000;

/** Plays one sequence on one implementation. */
export class Player {
  readonly #call: Implementation['call'];
  readonly #memory = new Memory();
  readonly #streams = new Set<string>();

  constructor({ call }: Implementation) {
    this.#call = call;
  }

  /** Undefined where the request refers to a value that this implementation never returned. */
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

  /** Whether any answer arrives within so many milliseconds; its content is ignored. */
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

  /** Waits until a stream leaves its transitional state. @returns its shards then; none for a deleted stream. */
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
    throw new Error(`stream ${name} stays in a transitional state`);
  }
}

const PLACE = /<(?:record|iterator|time|start|end) [^>]+>/g;

/** Undefined for an empty placeholder. A time is a number, everything else a text. */
function fill(text: string, places: ReadonlyMap<string, string>): string | undefined {
  for (const [place] of text.matchAll(PLACE)) if (!places.has(place)) return undefined;
  return text
    .replaceAll(/"(<time [^>]+>)"/g, (_, place) => places.get(place) ?? '')
    .replaceAll(PLACE, (place) => places.get(place) ?? '');
}

/** An error text, with placeholder values replaced by their placeholders. */
function unfill(text: string, { input }: SequenceRequest, places: ReadonlyMap<string, string>): string {
  if (!text.includes('"__type"')) return text;
  return [...JSON.stringify(input).matchAll(PLACE)].reduce(
    (emptied, [place]) => emptied.replaceAll(places.get(place) ?? place, place),
    text,
  );
}
