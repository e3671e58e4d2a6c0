import { inspect, isDeepStrictEqual } from 'node:util';
import * as chai from 'chai';
import { Answer } from '../client/answer.ts';
import { isOfKind } from '../client/kinds.ts';

declare global {
  namespace Chai {
    interface Assertion {
      /** An answer: 2xx, and no error of Kinesis in its body. */
      succeed(): void;
      /** An answer: with this HTTP status. */
      status(status: number): void;
      /** An answer: an error of Kinesis, of this type where one is given. */
      refusedByKinesis(type?: string): void;
      /**
       * An answer: a member of its body, by names with dots between them; deeply equal to the value, where one is
       * given.
       */
      field(path: string, value?: unknown): void;
      /** An answer: a member of a kind that `kinds.ts` defines. */
      fieldOfKind(path: string, kind: string): void;
      /** An answer: a header, with this value or one that matches, where either is given. */
      header(name: string, value?: string | RegExp): void;
      /** A stream's description: the number of shards. */
      shards(count: number): void;
      /**
       * The records of a stream, or those that a client read: exactly these, in this order. The label is the sentence's
       * subject.
       */
      hold(expected: readonly unknown[]): void;
    }
  }
}

/** For longer lists a failure shows the first difference only, which is also much faster. */
const MAX_TOLD = 10;

chai.config.truncateThreshold = 2_000;
chai.use(({ Assertion, AssertionError }) => {
  const answerIn = (assertion: Chai.AssertionStatic): Answer => {
    if (assertion._obj instanceof Answer) return assertion._obj;
    throw new AssertionError(`expected an answer of the proxy, and this is ${String(assertion._obj)}`);
  };

  Assertion.addMethod('succeed', function (this: Chai.AssertionStatic) {
    const answer = answerIn(this);
    this.assert(
      answer.succeeded,
      `expected success, and ${answer}`,
      `expected no success, and ${answer}`,
      true,
      answer.succeeded,
      false,
    );
  });

  Assertion.addMethod('status', function (this: Chai.AssertionStatic, status: number) {
    const answer = answerIn(this);
    this.assert(
      answer.status === status,
      `expected the status ${status}, and ${answer}`,
      `expected another status than ${status}, and ${answer}`,
      status,
      answer.status,
      false,
    );
  });

  Assertion.addMethod('refusedByKinesis', function (this: Chai.AssertionStatic, type?: string) {
    const answer = answerIn(this);
    const what = type === undefined ? 'an error of Kinesis' : `Kinesis's ${type}`;
    this.assert(
      type === undefined ? answer.errorType !== undefined : answer.errorType === type,
      `expected ${what}, and ${answer}`,
      `expected anything but ${what}, and ${answer}`,
      type,
      answer.errorType,
      false,
    );
  });

  Assertion.addMethod(
    'field',
    function (this: Chai.AssertionStatic, path: string, ...[value]: readonly unknown[]) {
      const answer = answerIn(this);
      const found = answer.field(path);
      const isAny = value === undefined;
      this.assert(
        isAny ? found !== undefined : isDeepStrictEqual(found, value),
        `expected ${isAny ? `a member ${path}` : `${path} to be ${shown(value)}`}, and ${answer}`,
        `expected ${isAny ? `no member ${path}` : `${path} not to be ${shown(value)}`}, and ${answer}`,
        value,
        found,
        false,
      );
    },
  );

  Assertion.addMethod('fieldOfKind', function (this: Chai.AssertionStatic, path: string, kind: string) {
    const answer = answerIn(this);
    this.assert(
      isOfKind(answer.field(path), kind),
      `expected ${path} to be ${kind}, and ${answer}`,
      `expected ${path} not to be ${kind}, and ${answer}`,
      kind,
      answer.field(path),
      false,
    );
  });

  Assertion.addMethod('header', function (this: Chai.AssertionStatic, name: string, value?: string | RegExp) {
    const answer = answerIn(this);
    const found = answer.header(name);
    const matches = value instanceof RegExp ? value.test(found ?? '') : found === value;
    const what = value === undefined ? `a header ${name}` : `the header ${name}: ${value}`;
    this.assert(
      value === undefined ? found !== undefined : matches,
      `expected ${what}, which is ${found ?? 'absent'}: ${answer}`,
      `expected no ${value === undefined ? `header ${name}` : `header ${name}: ${value}`}: ${answer}`,
      value,
      found,
      false,
    );
  });

  Assertion.addMethod('shards', function (this: Chai.AssertionStatic, count: number) {
    const { StreamName: name = 'the stream', Shards: shards = [] } = this._obj as {
      StreamName?: string;
      Shards?: readonly unknown[];
    };
    const counted = `${count} shard${count === 1 ? '' : 's'}`;
    this.assert(
      shards.length === count,
      `expected ${name} to have ${counted}, and it has ${shards.length}`,
      `expected ${name} to have other than ${counted}`,
      count,
      shards.length,
      false,
    );
  });

  Assertion.addMethod('hold', function (this: Chai.AssertionStatic, expected: readonly unknown[]) {
    const held = this._obj as readonly unknown[];
    const who = String(chai.util.flag(this, 'message') ?? 'the stream');
    // The label is already the sentence's subject, so keep chai from adding it again.
    chai.util.flag(this, 'message', undefined);
    const isSame = isDeepStrictEqual(held, expected);
    this.assert(
      isSame,
      isSame ? '' : `expected ${who} to hold ${difference(held, expected)}`,
      `expected ${who} to hold something else`,
      expected,
      held,
      false,
    );
  });
});

/** On one line, numbers of any size included. */
function shown(value: unknown): string {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 6, maxArrayLength: MAX_TOLD });
}

function difference(held: readonly unknown[], expected: readonly unknown[]): string {
  if (Math.max(held.length, expected.length) <= MAX_TOLD)
    return `${shown(expected)}, and it holds ${shown(held)}`;
  const longest = held.length > expected.length ? held : expected;
  const at = longest.findIndex((_, i) => !isDeepStrictEqual(held[i], expected[i]));
  return (
    `${expected.length}, and it holds ${held.length}; the first that differs is ` +
    `${shown(held[at])} instead of ${shown(expected[at])}`
  );
}

export const { expect } = chai;
