import path from 'node:path';
import { ROOT } from '../../support/run/suite.ts';

/** The stream of the calls; it has one shard. */
export const STREAM = 'bench-checks';
const SHARD = 'shardId-000000000000';

/** A call of the proxy with its one check, for every tool. */
interface Call {
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  readonly body?: object;
  /** A field of the answer, and its expected value or content, or that it must be a non-empty string. */
  readonly field: string;
  readonly expected: { readonly is: string | number } | { readonly has: string } | { readonly is: undefined };
  /** In the suite's vocabulary. */
  readonly steps: readonly string[];
}

/** How often each of the five calls is made: twenty in total. */
const TIMES = 4;
const AT = `/streams/${STREAM}`;

const FIVE: readonly Call[] = [
  {
    method: 'GET',
    path: '/streams',
    field: 'StreamNames',
    expected: { has: STREAM },
    steps: ['When the client lists the streams', 'Then the list has the stream'],
  },
  {
    method: 'GET',
    path: AT,
    field: 'StreamDescription.StreamARN',
    expected: { is: undefined },
    steps: [
      'When the client describes the stream',
      'Then the answer is 200 with the fields:',
      '  | field                       | kind          |',
      '  | StreamDescription.StreamARN | a filled text |',
    ],
  },
  {
    method: 'PUT',
    path: `${AT}/record`,
    body: { Data: 'some data', PartitionKey: 'key' },
    field: 'ShardId',
    expected: { is: SHARD },
    steps: [
      'When the client puts "some data" under the partition key "key"',
      `Then the answer names the shard "${SHARD}"`,
    ],
  },
  {
    method: 'PUT',
    path: `${AT}/records`,
    body: {
      records: [
        { data: 'first', 'partition-key': 'one' },
        { data: 'second', 'partition-key': 'two' },
      ],
    },
    field: 'FailedRecordCount',
    expected: { is: 0 },
    steps: [
      'When the client puts the records:',
      '  | data   | partition key |',
      '  | first  | one           |',
      '  | second | two           |',
      'Then the answer counts no failed record',
    ],
  },
  {
    method: 'GET',
    path: `${AT}/sharditerator?shard-id=${SHARD}`,
    field: 'ShardIterator',
    expected: { is: undefined },
    steps: [
      `When the client asks for an iterator of shard "${SHARD}"`,
      'Then the answer is 200 with the fields:',
      '  | field         | kind          |',
      '  | ShardIterator | a filled text |',
    ],
  },
];

const TWENTY = FIVE.flatMap((call) => Array.from({ length: TIMES }, () => call));
export const CALLS = TWENTY.length;

/** A newman collection, with one request and one test for each call; `-n` repeats it. */
export function collection(baseUrl: string): string {
  const item = TWENTY.map(({ method, path: below, body, field, expected }, index) => {
    const value = `pm.response.json().${field}`;
    const check =
      'has' in expected
        ? `pm.expect(${value}).to.include(${JSON.stringify(expected.has)})`
        : expected.is === undefined
          ? `pm.expect(${value}).to.be.a('string').and.not.empty`
          : `pm.expect(${value}).to.equal(${JSON.stringify(expected.is)})`;
    return {
      name: `call ${index + 1}`,
      request: {
        method,
        url: baseUrl + below,
        header: [{ key: 'Content-Type', value: 'application/json' }],
        ...(body && { body: { mode: 'raw', raw: JSON.stringify(body) } }),
      },
      event: [{ listen: 'test', script: { exec: [`pm.test('call ${index + 1}', () => { ${check}; });`] } }],
    };
  });
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  return JSON.stringify({ info: { name: 'twenty calls', schema }, item });
}

/** A pytest file, with one test for each call, repeated `times`. */
export function pytestFile(baseUrl: string, times: number): string {
  const calls = TWENTY.map(({ method, path: below, body, field, expected }) => ({
    method,
    url: baseUrl + below,
    body: body ?? null,
    field: field.split('.'),
    expected,
  }));
  return `import json
import pytest
import requests

CALLS = json.loads(${JSON.stringify(JSON.stringify(calls))})
SESSION = requests.Session()


@pytest.mark.parametrize("call", CALLS * ${times})
def test_call(call):
    answer = SESSION.request(call["method"], call["url"], json=call["body"])
    assert answer.status_code == 200
    value = answer.json()
    for name in call["field"]:
        value = value[name]
    expected = call["expected"]
    if "has" in expected:
        assert expected["has"] in value
    elif "is" in expected:
        assert value == expected["is"]
    else:
        assert isinstance(value, str) and value != ""
`;
}

/** A feature in the suite's vocabulary: a scenario for each of the five, with its four calls, repeated `times`. */
export function feature(times: number): string {
  const scenarios = Array.from({ length: times }, (_, time) =>
    FIVE.flatMap(({ steps }, index) => [
      `  Scenario: call ${index + 1}, time ${time + 1}`,
      '    Given a stream',
      ...Array.from({ length: TIMES }, () => steps.map((step) => `    ${step}`)).flat(),
    ]),
  );
  return `${['Feature: twenty calls', ...scenarios.flat()].join('\n')}\n`;
}

/** cucumber-js with the suite's steps. */
export const CUCUMBER = path.join(ROOT, 'node_modules/@cucumber/cucumber/bin/cucumber.js');

/** The environment in which cucumber tests a deployed API as a client, with an existing stream. */
export function deployedApi(baseUrl: string): Record<string, string> {
  // With credentials it would also query Kinesis, which the other tools do not.
  return {
    TARGET: 'url',
    KPC_URL: baseUrl,
    KPC_STREAM: STREAM,
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
  };
}
