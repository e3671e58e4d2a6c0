import type { HttpResponse } from '../http.ts';
import type { Consistency } from './consistency.ts';

interface Page {
  readonly StreamNames: readonly string[];
  readonly StreamSummaries?: readonly { readonly StreamName: string }[];
  readonly HasMoreStreams: boolean;
}

/** Lists of streams that lag: a new stream is missing for a while, a deleted one is still listed for a while. */
export class Listing {
  readonly #consistency: Consistency;
  /** Streams created since the start, for as long as lists should contain them. */
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

  /** Deleted streams that still belong on the page; the time for which they stay starts with the first list. */
  #ghosts(start: string, { StreamNames, HasMoreStreams }: Page): string[] {
    // If the page ends early, later names belong to the next page.
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
