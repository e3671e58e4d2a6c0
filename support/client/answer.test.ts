import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Answer, announced, streamInPath } from './answer.ts';

function answer(status: number, body: string, method = 'PUT'): Answer {
  return new Answer({
    request: { method, url: 'http://host/stage/streams/a%2Fb/record?x=/streams/y', headers: {} },
    response: { status, headers: { 'x-amzn-requestid': 'r' }, body },
    durationMs: 1,
  });
}

describe('Answer', () => {
  it('is a success only if a 200 contains no error of Kinesis', () => {
    assert.ok(answer(200, '').succeeded);
    assert.ok(answer(200, '{"StreamNames": []}').succeeded);
    assert.ok(!answer(200, '{"__type": "ResourceNotFoundException"}').succeeded);
    assert.ok(!answer(500, '{"message": "Internal server error"}').succeeded);
    assert.ok(!answer(302, '').succeeded);
    const redirected = answer(302, '');
    redirected.redirect = 302;
    assert.ok(redirected.succeeded);
    redirected.redirect = 307;
    assert.ok(!redirected.succeeded);
  });

  it('has the type of an error without its namespace, and its message in either spelling', () => {
    const error = answer(400, '{"__type": "com.amazonaws.kinesis#ValidationException", "Message": "no"}');
    assert.equal(error.errorType, 'ValidationException');
    assert.equal(error.errorText, 'no');
    assert.equal(answer(403, '{"message": "Forbidden"}').errorType, undefined);
  });

  it('finds a value by its path, and undefined if there is none', () => {
    const described = answer(200, '{"StreamDescription": {"Shards": [], "HasMoreShards": false}}');
    assert.equal(described.field('StreamDescription.HasMoreShards'), false);
    assert.equal(described.field('StreamDescription.Shards.length.toString'), undefined);
    assert.equal(described.field('toString'), undefined);
    assert.equal(answer(200, 'no JSON').field('a.b'), undefined);
  });

  it('finds a header in any case', () => {
    assert.equal(answer(200, '').header('x-amzn-RequestId'), 'r');
  });
});

describe('announced', () => {
  it('lists the sequence numbers of one record or of many, without those refused', () => {
    assert.deepEqual(announced(answer(200, '{"SequenceNumber": "1"}')), ['1']);
    assert.deepEqual(announced(answer(200, '{"Records": [{"SequenceNumber": "1"}, {"ErrorCode": "x"}]}')), [
      '1',
    ]);
  });

  it('does not count records that were read as put', () => {
    assert.deepEqual(announced(answer(200, '{"Records": [{"SequenceNumber": "1"}]}', 'GET')), []);
  });
});

describe('streamInPath', () => {
  it('decodes the name in the path', () => {
    assert.equal(streamInPath(answer(200, '')), 'a/b');
  });
});
