import assert from 'node:assert/strict';
import { type DataTable, Then } from '@cucumber/cucumber';
import type { Answer } from '../support/client/answer.ts';
import { isOfKind } from '../support/client/kinds.ts';
import type { CallName } from '../support/client/requests.ts';
import type { ProxyWorld } from '../support/world.ts';

Then('the answer is 200 with no data', function (this: ProxyWorld) {
  const { answer } = this.client;
  assert.equal(answer.status, 200, String(answer));
  assert.equal(answer.text, '', String(answer));
});

Then('the answer is 200 with the fields:', function (this: ProxyWorld, table: DataTable) {
  const { answer } = this.client;
  assert.equal(answer.status, 200, String(answer));
  for (const { field = '', kind = '' } of table.hashes())
    assert.ok(isOfKind(answer.field(field), kind), `${field} is not ${kind}: ${answer}`);
});

Then('the answer has no {string}', function (this: ProxyWorld, field: string) {
  assert.equal(this.client.answer.field(field), undefined, String(this.client.answer));
});

Then('the call succeeds', function (this: ProxyWorld) {
  assert.ok(this.client.answer.succeeded, String(this.client.answer));
});

Then('the call does not succeed', function (this: ProxyWorld) {
  assert.ok(!this.client.answer.succeeded, String(this.client.answer));
});

Then('Kinesis refuses the call', function (this: ProxyWorld) {
  assert.notEqual(this.client.answer.errorType, undefined, `no error of Kinesis: ${this.client.answer}`);
});

Then('Kinesis refuses the call with {error}', function (this: ProxyWorld, error: string) {
  assert.equal(this.client.answer.errorType, error, String(this.client.answer));
});

Then("each/the answer is 200 with Kinesis's {error}", function (this: ProxyWorld, error: string) {
  for (const answer of examined(this)) {
    assert.equal(answer.status, 200, String(answer));
    assert.equal(answer.errorType, error, String(answer));
  }
});

Then('the error text is {string}', function (this: ProxyWorld, text: string) {
  // Who does not claim AWS's texts is held to the error's type, in the step before.
  if (!this.deployment.capabilities.includes('aws-fidelity')) return;
  const expected = text.replace('{stream-name}', this.requested);
  const [before = '', after] = expected.split('{account}');
  const { errorText } = this.client.answer;
  if (after === undefined) assert.equal(errorText, expected);
  else {
    const account = errorText.slice(before.length, errorText.length - after.length);
    assert.equal(errorText, `${before}${account}${after}`);
    assert.match(account, /^\d{12}$/, errorText);
  }
});

Then(
  'the gateway answers( each call) with {int} {string}',
  function (this: ProxyWorld, status: number, message: string) {
    for (const answer of examined(this)) {
      assert.equal(answer.status, status, String(answer));
      assert.equal(answer.errorType, undefined, `an error of Kinesis: ${answer}`);
      if (answer.exchange.request.method !== 'HEAD')
        assert.deepEqual(answer.json, { message }, String(answer));
    }
  },
);

Then('the gateway answers with {int}', function (this: ProxyWorld, status: number) {
  assert.equal(this.client.answer.status, status, String(this.client.answer));
});

Then('each of these answers has the error type {string}', function (this: ProxyWorld, type: string) {
  for (const answer of examined(this)) assert.equal(answer.header('x-amzn-ErrorType'), type, String(answer));
});

Then('these calls succeed:', function (this: ProxyWorld, table: DataTable) {
  for (const answer of named(this, table)) assert.ok(answer.succeeded, String(answer));
});

Then('these calls are denied:', function (this: ProxyWorld, table: DataTable) {
  for (const answer of named(this, table))
    assert.equal(answer.errorType, 'AccessDeniedException', String(answer));
});

Then('each answer is JSON and carries the headers:', function (this: ProxyWorld, table: DataTable) {
  for (const answer of examined(this)) {
    assert.match(answer.header('Content-Type') ?? '', /^application\/json(;|$)/, `Content-Type of ${answer}`);
    for (const { header = '' } of table.hashes())
      assert.ok(answer.header(header), `no ${header} in ${answer}`);
  }
});

Then('the answer lacks the header {string}', function (this: ProxyWorld, header: string) {
  assert.equal(this.client.answer.header(header), undefined);
});

Then(
  'no answer carries a header of Kinesis or one that opens the API to browsers',
  function (this: ProxyWorld) {
    for (const answer of examined(this))
      for (const [name, value] of Object.entries(answer.exchange.response.headers)) {
        assert.doesNotMatch(name, /^x-amz-id-2$|^x-amzn-remapped-|^access-control-|kinesis/i, String(answer));
        assert.doesNotMatch(value, /x-amz-json|kinesis/i, `${name} of ${answer}`);
      }
  },
);

Then('the answer goes on with the trace {string}', function (this: ProxyWorld, root: string) {
  assert.ok(
    this.client.answer.header('X-Amzn-Trace-Id')?.split(';').includes(root),
    String(this.client.answer),
  );
});

/** The answers of the last step that called. */
function examined({ round }: ProxyWorld): readonly Answer[] {
  assert.ok(round.length > 0, 'no call was made');
  for (const answer of round) answer.examined = true;
  return round;
}

/** The answers to the calls that a table names. */
function named({ eight }: ProxyWorld, table: DataTable): Answer[] {
  return table.hashes().map(({ call }) => {
    const answer = eight.get(call as CallName);
    assert.ok(answer, `no call to ${call} was made`);
    answer.examined = true;
    return answer;
  });
}
