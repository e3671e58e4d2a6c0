import { type DataTable, Then } from '@cucumber/cucumber';
import type { Answer } from '../support/client/answer.ts';
import type { CallName } from '../support/client/requests.ts';
import { expect } from '../support/expect/expect.ts';
import type { ProxyWorld } from '../support/world.ts';

Then('the answer is 200 with no data', function (this: ProxyWorld) {
  const { answer } = this.client;
  expect(answer).to.have.status(200);
  expect(answer.text, `the body of ${answer}`).to.equal('');
});

Then('the answer is 200 with the fields:', function (this: ProxyWorld, table: DataTable) {
  const { answer } = this.client;
  expect(answer).to.have.status(200);
  for (const { field = '', kind = '' } of table.hashes()) expect(answer).to.have.fieldOfKind(field, kind);
});

Then('the answer has no {string}', function (this: ProxyWorld, field: string) {
  expect(this.client.answer).to.not.have.field(field);
});

Then('the call succeeds', function (this: ProxyWorld) {
  expect(this.client.answer).to.succeed();
});

Then('the call does not succeed', function (this: ProxyWorld) {
  expect(this.client.answer).to.not.succeed();
});

Then('Kinesis refuses the call', function (this: ProxyWorld) {
  expect(this.client.answer).to.be.refusedByKinesis();
});

Then('Kinesis refuses the call with {error}', function (this: ProxyWorld, error: string) {
  expect(this.client.answer).to.be.refusedByKinesis(error);
});

Then("each/the answer is 200 with Kinesis's {error}", function (this: ProxyWorld, error: string) {
  for (const answer of examined(this)) {
    expect(answer).to.have.status(200);
    expect(answer).to.be.refusedByKinesis(error);
  }
});

Then('the error text is {string}', function (this: ProxyWorld, text: string) {
  // For targets that do not claim AWS's texts, only the error's type counts, in the previous step.
  if (!this.deployment.capabilities.includes('aws-fidelity')) return;
  const expected = text.replace('{stream-name}', this.requested);
  const [before = '', after] = expected.split('{account}');
  const { errorText } = this.client.answer;
  if (after === undefined) expect(errorText, 'the error text').to.equal(expected);
  else {
    const account = errorText.slice(before.length, errorText.length - after.length);
    expect(errorText, 'the error text').to.equal(`${before}${account}${after}`);
    expect(account, `the account in "${errorText}"`).to.match(/^\d{12}$/);
  }
});

Then(
  'the gateway answers( each call) with {int} {string}',
  function (this: ProxyWorld, status: number, message: string) {
    for (const answer of examined(this)) {
      expect(answer).to.have.status(status);
      expect(answer).to.not.be.refusedByKinesis();
      if (answer.exchange.request.method !== 'HEAD')
        expect(answer.json, `the body of ${answer}`).to.deep.equal({ message });
    }
  },
);

Then('the gateway answers with {int}', function (this: ProxyWorld, status: number) {
  expect(this.client.answer).to.have.status(status);
});

Then('each of these answers has the error type {string}', function (this: ProxyWorld, type: string) {
  for (const answer of examined(this)) expect(answer).to.have.header('x-amzn-ErrorType', type);
});

Then(
  'these calls are answered 200, without an error of Kinesis:',
  function (this: ProxyWorld, table: DataTable) {
    for (const answer of named(this, table)) expect(answer).to.succeed();
  },
);

Then('these calls are denied:', function (this: ProxyWorld, table: DataTable) {
  for (const answer of named(this, table)) expect(answer).to.be.refusedByKinesis('AccessDeniedException');
});

Then('each answer is JSON and carries the headers:', function (this: ProxyWorld, table: DataTable) {
  for (const answer of examined(this)) {
    expect(answer).to.have.header('Content-Type', /^application\/json(;|$)/);
    for (const { header = '' } of table.hashes()) expect(answer).to.have.header(header, /./);
  }
});

Then('the answer lacks the header {string}', function (this: ProxyWorld, header: string) {
  expect(this.client.answer).to.not.have.header(header);
});

Then('no answer carries a header of Kinesis or a CORS header', function (this: ProxyWorld) {
  for (const answer of examined(this))
    for (const [name, value] of Object.entries(answer.exchange.response.headers)) {
      expect(name, `a header of ${answer}`).to.not.match(
        /^x-amz-id-2$|^x-amzn-remapped-|^access-control-|kinesis/i,
      );
      expect(value, `${name} of ${answer}`).to.not.match(/x-amz-json|kinesis/i);
    }
});

Then('the answer goes on with the trace {string}', function (this: ProxyWorld, root: string) {
  const { answer } = this.client;
  expect(answer.header('X-Amzn-Trace-Id')?.split(';'), `the trace of ${answer}`).to.include(root);
});

/** The answers of the last step that called. */
function examined({ lastAnswers }: ProxyWorld): readonly Answer[] {
  expect(lastAnswers, 'the calls that were made').to.not.be.empty;
  for (const answer of lastAnswers) answer.examined = true;
  return lastAnswers;
}

/** The answers to the calls that a table names. */
function named({ eight }: ProxyWorld, table: DataTable): Answer[] {
  return table.hashes().map(({ call }) => {
    const answer = eight.get(call as CallName);
    if (!answer) throw new Error(`no call to ${call} was made`);
    answer.examined = true;
    return answer;
  });
}
