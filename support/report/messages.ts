import { once } from 'node:events';
import { CucumberHtmlStream } from '@cucumber/html-formatter';
import type { Envelope } from '@cucumber/messages';
import { visible, visibleAll } from '../client/untrusted-text.ts';

/** Cucumber's messages as newline-delimited JSON. */
export function toNdjson(messages: readonly Envelope[]): string {
  return visible(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
}

/** Cucumber's own HTML report of the run: every step of every scenario, and no verdict. */
export async function toHtml(messages: readonly Envelope[]): Promise<string> {
  const page = new CucumberHtmlStream();
  const parts: string[] = [];
  page.on('data', (part: string) => parts.push(part));
  const ended = once(page, 'end');
  for (const message of messages) page.write(visibleAll(message));
  page.end();
  await ended;
  return parts.join('');
}
