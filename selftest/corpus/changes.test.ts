import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { CORPUS, entriesOf } from './entries.ts';
import { judgeEntry } from './judge.ts';

/** One change to a well-behaved definition, and the clauses that then fail. */

const LOG = 'sam-resumed-log.yaml';
const MODELS = 'openapi-models.yaml';
const TEAMS = 'cfn-team-streams.yaml';
const TYPES = 'cfn-two-media-types.yaml';
const STAMPED = 'cfn-stamped.yaml';
const SHARED = 'cfn-shared-role.yaml';
const SHOP = 'cfn-role-of-two-streams.yaml';
const PLAN = 'terraform-lambda-beside.plan.json';
const LOGS = 'service-role/AmazonAPIGatewayPushToCloudWatchLogs';
const OF_RETURNS = ", 'arn:aws:kinesis:eu-west-1:111122223333:stream/shop-returns'";
const NETWORK = 'cfn-network.yaml';
const TRADES = 'cfn-trades.yaml';
const TIDES = 'openapi-tides.yaml';
const NEXT = '"NextShardIterator": "$input.path(\'$.NextShardIterator\')",';
const ESCAPED_CURSOR = String.raw`$util.escapeJavaScript($input.params('cursor')).replaceAll("\\'", "'")`;
const OLDEST = '"ShardIteratorType": "TRIM_HORIZON"';
const LATEST = '"ShardIteratorType": "LATEST"';
/** What is stored is then unknown, so some of these are not observable. */
const UNKNOWN = ['SAFE-5', 'SAFE-6', 'SAFE-7', 'SAFE-11', 'SAFE-14', 'SAFE-22'];
const WHOLE = '$util.base64Encode($input.body)';

type Change = readonly [file: string, why: string, before: string, after: string, failed: readonly string[]];
const CHANGES: readonly Change[] = [
  [LOG, 'the last record is read again', 'AFTER_SEQUENCE_NUMBER', 'AT_SEQUENCE_NUMBER', ['SAFE-17']],
  [LOG, 'records that arrived meanwhile are skipped', 'AFTER_SEQUENCE_NUMBER', 'LATEST', ['SAFE-17']],
  [LOG, 'the number that a client gives is refused', 'AFTER_SEQUENCE_NUMBER', 'TRIM_HORIZON', ['SAFE-17']],
  // The role may read no stream but the API's own, so an iterator of another shows nothing.
  [LOG, 'an iterator is not escaped', ESCAPED_CURSOR, "$input.params('cursor')", ['SAFE-10']],
  // Clients cannot read from the first record, so SAFE-17 does not apply.
  [LOG, 'iterators are LATEST, unless the client says where it was', 'TRIM_HORIZON', 'LATEST', []],
  [
    LOG,
    'iterators are LATEST, whatever the client says',
    `#if($after == "")\n                    ${OLDEST}`,
    `#if(true)\n                    ${LATEST}`,
    [],
  ],
  [MODELS, 'the body is stored as Java prints it', WHOLE, "$util.base64Encode($input.path('$'))", ['SAFE-6']],
  [
    MODELS,
    'the body is stored in lower case',
    WHOLE,
    '$util.base64Encode($input.body.toLowerCase())',
    ['SAFE-6'],
  ],
  [MODELS, 'records share one key', "$input.json('$.customer')", '"all"', ['SAFE-8']],
  // The model rejects every value that would have to be escaped.
  [MODELS, 'the key is not escaped', "$input.json('$.customer')", '"$input.path(\'$.customer\')"', []],
  [TIDES, 'a page without records has no iterator', NEXT, `#if($count > 0)${NEXT}#end`, ['SAFE-17']],
  [TIDES, 'a limit is any text', 'limit: { type: integer, minimum: 1 }', 'limit: {}', ['SAFE-10']],
  [TIDES, 'only one word reads on after a record', "$from == 'AT_SEQUENCE_NUMBER' ||", '', []],
  [
    TRADES,
    'one of several members is stored in lower case',
    "$input.path('$.user');$input.path('$.note');",
    "$input.path('$.user');$input.path('$.note').toLowerCase();",
    ['SAFE-6'],
  ],
  [
    TRADES,
    'the data has members of the key only',
    "$input.path('$.user');$input.path('$.note');$input.path('$.source')",
    "$input.path('$.user');$input.path('$.symbol')",
    [],
  ],
  [
    STAMPED,
    'the role of one method is declared elsewhere',
    'action/PutRecords\n                credentials: !GetAtt Role.Arn',
    'action/PutRecords\n                credentials: arn:aws:iam::123456789012:role/elsewhere',
    [],
  ],
  [
    TRADES,
    'what looks like a variable is removed from the last member of a key',
    "#$input.path('$.time')",
    `#$input.path('$.time').replaceAll('[$][a-z.]+', '')`,
    ['SAFE-11'],
  ],
  [
    TRADES,
    'Kinesis refuses every put, so that nothing follows for SAFE-10 from what it refuses',
    '"StreamName": "${Stream}"',
    '"StreamName": "another"',
    [
      'SAFE-3',
      'SAFE-4',
      'SAFE-5',
      'SAFE-6',
      'SAFE-7',
      'SAFE-9',
      'SAFE-10',
      'SAFE-11',
      'SAFE-14',
      'SAFE-16',
      'SAFE-22',
    ],
  ],
  [
    NETWORK,
    'the policy denies nobody, and anybody may put',
    "          - { Effect: Deny, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*', Condition: { StringNotEquals: { 'aws:SourceVpce': vpce-0123456789abcdef0 } } }\n",
    '',
    ['SAFE-14'],
  ],
  [TEAMS, 'the key is that of the API key alone', '-${!context.requestId}', '', ['SAFE-8']],
  [
    TYPES,
    'plain text is stored in lower case',
    WHOLE,
    '$util.base64Encode($input.body.toLowerCase())',
    ['SAFE-6'],
  ],
  [
    TYPES,
    'plain text goes to one shard',
    `requestId}", "Data": "${WHOLE}`,
    `stage}", "Data": "${WHOLE}`,
    ['SAFE-8'],
  ],
  [STAMPED, 'the changed event is stored as Java prints it', "$input.json('$')", '$event', UNKNOWN],
  [STAMPED, 'the changed event is stored in lower case', "json('$')", "json('$').toLowerCase()", UNKNOWN],
  [
    STAMPED,
    'the embedded AWS lacks a policy of the role',
    'Policies: [{ PolicyName: own',
    "ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3FullAccess']\n      Policies: [{ PolicyName: own",
    ['SAFE-16'],
  ],
  [
    SHARED,
    'a policy of the role is declared elsewhere',
    `aws:policy/${LOGS}`,
    '123456789012:policy/own',
    ['SAFE-16'],
  ],
  [SHARED, 'the key is the default one', 'KeyId: !Ref Key', 'KeyId: alias/aws/kinesis', ['SAFE-16']],
  [SHARED, 'a producer may decrypt', 'kms:GenerateDataKey', 'kms:Decrypt', ['SAFE-16']],
  [SHARED, 'the role may do everything with keys', 'kms:GenerateDataKey', 'kms:*', ['SAFE-16']],
  [
    SHARED,
    'the function is called under another role',
    'credentials: !GetAtt Role.Arn\n                uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda',
    'credentials: !GetAtt TableRole.Arn\n                uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda',
    ['SAFE-16'],
  ],
  [
    SHARED,
    'the URI of the function cannot be resolved',
    'arn:aws:lambda:us-east-1:111122223333:function:units/',
    '${Elsewhere.Arn}/',
    [],
  ],
  [
    SHARED,
    'the role also puts into a stream that no method serves',
    'Resource: !GetAtt Stream.Arn',
    'Resource: [!GetAtt Stream.Arn, !GetAtt Archive.Arn]',
    ['SAFE-16'],
  ],
  [
    SHARED,
    'the role puts into every stream of the stack, of which the API serves one',
    'Resource: !GetAtt Stream.Arn',
    "Resource: !Sub 'arn:aws:kinesis:*:*:stream/${AWS::StackName}-*'",
    ['SAFE-16'],
  ],
  [
    SHARED,
    'the role puts into every stream whose name begins as that of the API',
    'Resource: !GetAtt Stream.Arn',
    "Resource: !Sub '${Stream.Arn}*'",
    [],
  ],
  [
    SHARED,
    'the role sends to a queue in the same statement',
    'Resource: !GetAtt Stream.Arn',
    "Resource: [!GetAtt Stream.Arn, 'arn:aws:sqs:us-east-1:123456789012:failed']",
    [],
  ],
  [SHOP, 'the role names one stream', OF_RETURNS, '', []],
  [SHOP, 'the role names a stream and a pattern', 'shop-returns', 'shop-returns-*', []],
  [
    SHOP,
    'the role may only describe the first of its streams',
    'Statement:\n              - Effect',
    "Statement:\n              - { Effect: Allow, Action: 'kinesis:DescribeStream', Resource: 'arn:aws:kinesis:eu-west-1:111122223333:stream/shop' }\n              - Effect",
    ['SAFE-16'],
  ],
  [SHOP, 'the template adds the beginning of the names', '"StreamName": "', '"StreamName": "shop-', []],
  [
    MODELS,
    'throttling is answered 400',
    "#elseif($type == 'ProvisionedThroughputExceededException' || $type == 'LimitExceededException')#set($context.responseOverride.status = 429)",
    '',
    ['SAFE-2', 'SAFE-22'],
  ],
];

describe('one change to a well-behaved definition', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'kpc-changes-'));
  after(() => rmSync(directory, { recursive: true }));

  /** Judges a definition of the corpus with one text in place of another. */
  async function judged(name: string, [before, instead]: readonly [string, string], label: string) {
    const entry = [...entriesOf('corpus.yaml'), ...entriesOf('terraform.yaml')].find(
      ({ file }) => file === name,
    );
    const text = readFileSync(new URL(name, CORPUS), 'utf8');
    assert.ok(entry && text.includes(before));
    const file = path.join(directory, `${label}-${name}`);
    writeFileSync(
      file,
      text.replaceAll(before, () => instead),
    );
    return judgeEntry({ ...entry, file: pathToFileURL(file).href }, directory);
  }

  for (const [index, [name, why, before, instead, failed]] of CHANGES.entries())
    test(`${why}: ${failed.join(', ') || 'nothing'} fails`, async () => {
      const { clauses } = await judged(name, [before, instead], String(index));
      const found = clauses.filter(({ result }) => result === 'failed' || result === 'not-observable');
      assert.deepEqual(
        found.map(({ id }) => id),
        failed,
      );
    });

  const GATEWAY = String.raw`\"apigateway.amazonaws.com\"`;
  const TRUSTS: readonly [name: string, what: string, before: string, instead: string][] = [
    [PLAN, 'a policy is known only after apply', GATEWAY, String.raw`${GATEWAY}, \"firehose.amazonaws.com\"`],
  ];
  for (const [name, what, before, instead] of TRUSTS)
    test(`the trust policy of a role is judged, although ${what}`, async () => {
      const { clauses, scenarios } = await judged(name, [before, instead], 'trust');
      assert.equal(clauses.find(({ id }) => id === 'SAFE-16')?.result, 'failed');
      const own = scenarios.filter((scenario) => scenario.clauses.includes('SAFE-16'));
      assert.deepEqual(
        own.map(({ name: scenario, result }) => [scenario, result]),
        [
          ['Only API Gateway may assume it', 'failed'],
          ['It allows the actions that the API uses', 'skipped'],
          ['It writes to the streams that the API serves', 'skipped'],
        ],
      );
    });
});
