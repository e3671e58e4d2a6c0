import assert from 'node:assert/strict';
import { Given, Then, When } from '@cucumber/cucumber';
import type { Answer } from '../support/client/answer.ts';
import { listStreams } from '../support/client/requests.ts';
import type { ProxyWorld, StreamReference } from '../support/world.ts';

Given('more than 100 streams in the account', async function (this: ProxyWorld) {
  await this.streams.fillAccount(101);
});

When('the client (has )list(ed)(s) the streams', async function (this: ProxyWorld) {
  await this.calls(listStreams());
});

Then('the list has {stream}', function (this: ProxyWorld, stream: StreamReference) {
  assert.ok(
    isListed(this.client.answer, this.streams.nameOf(stream)),
    `${this.streams.nameOf(stream)} is not in ${this.client.answer}`,
  );
});

Then('the list lacks {stream}', function (this: ProxyWorld, stream: StreamReference) {
  const names = this.client.answer.field('StreamNames');
  assert.ok(Array.isArray(names), String(this.client.answer));
  assert.ok(
    !names.includes(this.streams.nameOf(stream)),
    `${this.streams.nameOf(stream)} is still in ${this.client.answer}`,
  );
});

Then(
  'the list has {int} names in order, and says that there are more',
  function (this: ProxyWorld, count: number) {
    const names = this.client.answer.field('StreamNames') as string[];
    assert.equal(names?.length, count, String(this.client.answer));
    assert.deepEqual(
      names,
      names.toSorted((a, b) => (a < b ? -1 : 1)),
    );
    assert.equal(this.client.answer.field('HasMoreStreams'), true);
  },
);

/** In the list, or, where the list ends too early for it, behind its last name. */
function isListed(answer: Answer, name: string): boolean {
  const names = answer.field('StreamNames');
  if (!Array.isArray(names)) return false;
  const isBeyond =
    answer.field('HasMoreStreams') === true && names.length === 100 && name > String(names.at(-1));
  return names.includes(name) || isBeyond;
}
