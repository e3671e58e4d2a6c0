import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CucumberHtmlStream } from '@cucumber/html-formatter';
import type { Envelope } from '@cucumber/messages';
import { visible, visibleAll } from '../client/foreign.ts';
import { verdictInWords } from '../run/exclusions.ts';
import type { Results } from '../run/results.ts';

/** Cucumber's messages as newline-delimited JSON. */
export function toNdjson(messages: readonly Envelope[]): string {
  return visible(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
}

/** Cucumber's own HTML report of the run, under its verdict. */
export async function toHtml(messages: readonly Envelope[], results?: Results): Promise<string> {
  const html = await text(Readable.from(messages.map(visibleAll)).pipe(new CucumberHtmlStream()));
  return results === undefined ? html : html.replace(/<body[^>]*>/, (body) => `${body}\n${summary(results)}`);
}

/** Above cucumber's own, which knows scenarios alone: the verdict, and the clauses that no scenario stands for. */
function summary(results: Results): string {
  const { because, clauses, exclusions = [] } = results;
  const inapplicable = clauses.filter(({ result }) => result === 'not-applicable').map(({ id }) => id);
  const lines = [
    `${verdictInWords(results)}: ${because}`,
    ...exclusions.map(({ clause, reason }) => `${clause} excluded: ${reason}`),
    ...(inapplicable.length > 0 ? [`not applicable: ${inapplicable.join(', ')}`] : []),
  ];
  return `<header>${lines.map((line) => `<p>${escaped(visible(line))}</p>`).join('')}</header>`;
}

function escaped(line: string): string {
  return line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
