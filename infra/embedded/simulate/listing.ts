import type { HttpResponse } from '../http.ts';
import type { Consistency } from './consistency.ts';

interface Page {
  readonly StreamNames: readonly string[];
  readonly StreamSummaries?: readonly { readonly StreamName: string }[];
  readonly HasMoreStreams: boolean;
}

/** Lists of streams that lag: a new stream is missing for a while, one that is gone is still there for a while. */
export class Listing {
  readonly #consistency: Consistency;
  /** Streams made since the start, as long as lists are to hold them. */
  readonly #expected = new Set<string>();

  constructor(consistency: Consistency) {
    this.#consistency = consistency;
  }

  expect(name: string): void {
    this.#expected.add(name);
  }

  answer(input: Readonly<Record<string, unknown>>, answer: HttpResponse): HttpResponse {
    const page = JSON.parse(answer.body.toString()) as Page;
    const ghosts = this.#ghosts(String(input.ExclusiveStartStreamName ?? input.NextToken ?? ''), page);
    const names = page.StreamNames.filter((name) => this.#consistency.lists(name));
    const limit = Number(input.Limit ?? 100);
    const StreamNames = [...names, ...ghosts].sort((a, b) => (a < b ? -1 : 1)).slice(0, limit);
    const StreamSummaries = page.StreamSummaries?.filter(({ StreamName }) =>
      StreamNames.includes(StreamName),
    );
    return {
      ...answer,
      body: JSON.stringify({ ...page, StreamNames, ...(StreamSummaries && { StreamSummaries }) }),
    };
  }

  /** Streams that the page would hold if they were not gone; the time that they stay runs from the first look. */
  #ghosts(start: string, { StreamNames, HasMoreStreams }: Page): string[] {
    // Where the page ends early, what comes after its end is the next page's.
    const end = HasMoreStreams ? StreamNames.at(-1) : undefined;
    const gone = [...this.#expected].filter(
      (name) => name > start && (end === undefined || name < end) && !StreamNames.includes(name),
    );
    return gone.filter((name) => {
      if (this.#consistency.stillLists(name)) return true;
      this.#expected.delete(name);
      return false;
    });
  }
}
