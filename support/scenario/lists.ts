import { isClients } from '../../infra/definition/interface/offers.ts';
import type { Intent } from '../client/by-interface.ts';
import { expect } from '../expect/expect.ts';
import type { ProxyWorld } from '../world.ts';
import { MAX_PAGES } from './consumer.ts';
import { answered } from './offered.ts';

/** Lists streams through the proxy, page by page if it supports pages. */
export async function listsToTheEnd(world: ProxyWorld): Promise<void> {
  for (const call of world.offered.calls('ListStreams')) {
    let intent: Intent = {};
    const listed: string[] = [];
    world.lists.push(listed);
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const attempt = await world.offered.make(call, intent);
      const names = answered(attempt, 'StreamNames/*').map(String);
      listed.push(...names);
      const [token] = answered(attempt, 'NextToken');
      const last = names.at(-1);
      const [isMore] = answered(attempt, 'HasMoreStreams');
      if (isMore === false || last === undefined) break;
      // A template may print a missing token as an empty text.
      if (isClients(call.nextToken) && typeof token === 'string' && token !== '')
        intent = { nextToken: token };
      else if (isClients(call.exclusiveStartStreamName)) intent = { exclusiveStartStreamName: last };
      else break;
    }
  }
}

/** Asserts that each method's list had every stream of the account once. */
export async function listedEach({ worker, offered, lists }: ProxyWorld): Promise<void> {
  const names = await worker.streams.names();
  for (const { answer } of offered.attempts) expect(answer).to.succeed();
  for (const read of lists) hasEach(read, names);
}

function hasEach(read: readonly string[], names: readonly string[]): void {
  const listed = new Set(read);
  const missing = names.filter((name) => !listed.has(name));
  const strange = read.filter((name) => !names.includes(name));
  if (missing.length > 0)
    expect.fail(
      `expected all ${names.length} streams to be listed, and ${missing.length} are missing, such as ${missing[0]}`,
    );
  if (listed.size < read.length)
    expect.fail(`expected each stream once, and ${read.length} names were listed for ${listed.size}`);
  expect(strange, 'listed names that are not streams').to.deep.equal([]);
}
