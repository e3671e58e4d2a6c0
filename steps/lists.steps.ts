import { Given, Then, When } from '@cucumber/cucumber';
import type { Answer } from '../support/client/answer.ts';
import { listStreams } from '../support/client/requests.ts';
import { expect } from '../support/expect/expect.ts';
import type { ProxyWorld, StreamReference } from '../support/world.ts';

Given('more than 100 streams in the account', async function (this: ProxyWorld) {
  await this.streams.fillAccount(101);
});

When('the client (has )list(ed)(s) the streams', async function (this: ProxyWorld) {
  await this.calls(listStreams());
});

Then('the list has {stream}', function (this: ProxyWorld, stream: StreamReference) {
  const { answer } = this.client;
  const name = this.streams.nameOf(stream);
  if (!isListed(answer, name)) expect.fail(`expected ${name} in the list, and ${answer}`);
});

Then('the list lacks {stream}', function (this: ProxyWorld, stream: StreamReference) {
  const { answer } = this.client;
  expect(answer).to.have.fieldOfKind('StreamNames', 'a list');
  expect(answer.field('StreamNames'), `the names in ${answer}`).to.not.include(this.streams.nameOf(stream));
});

Then(
  'the list has {int} names in order, and says that there are more',
  function (this: ProxyWorld, count: number) {
    const { answer } = this.client;
    expect(answer).to.have.fieldOfKind('StreamNames', 'a list of names');
    const names = answer.field('StreamNames') as string[];
    expect(names, 'the names listed').to.have.length(count);
    expect(names, 'the names listed').to.deep.equal(names.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(answer).to.have.field('HasMoreStreams', true);
  },
);

/** The name is in the list, or sorts after its last name if the list ends earlier. */
function isListed(answer: Answer, name: string): boolean {
  const names = answer.field('StreamNames');
  if (!Array.isArray(names)) return false;
  const isBeyond =
    answer.field('HasMoreStreams') === true && names.length === 100 && name > String(names.at(-1));
  return names.includes(name) || isBeyond;
}
