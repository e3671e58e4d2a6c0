import { once } from 'node:events';
import { CucumberHtmlStream } from '@cucumber/html-formatter';
import type { Envelope } from '@cucumber/messages';
import { visible, visibleAll } from '../client/untrusted-text.ts';

/**
 * Cucumber's messages as newline-delimited JSON, and as Cucumber's own HTML report: every step of every scenario, and no
 * verdict.
 */
export async function renderMessages(
  messages: readonly Envelope[],
): Promise<{ readonly ndjson: string; readonly html: string }> {
  const page = new CucumberHtmlStream();
  const parts: string[] = [];
  page.on('data', (part: string) => parts.push(part));
  const ended = once(page, 'end');
  let ndjson = '';
  for (const message of messages) {
    const json = JSON.stringify(message);
    const safe = visibleAll(message, json);
    page.write(safe);
    ndjson += `${safe === message ? json : visible(json)}\n`;
  }
  page.end();
  await ended;
  return { ndjson, html: parts.join('') };
}
