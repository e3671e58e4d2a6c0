import { CALL_NAMES, type CallName } from '../../support/client/requests.ts';
import type { Mutant } from '../changes/change.ts';
import {
  answerHeader,
  answerTemplate,
  document,
  integration,
  operation,
  operationOf,
} from '../changes/definition.ts';
import { gatewayAnswers } from '../changes/gateway.ts';

/** Integration responses, method responses and gateway responses. */
export const responses: readonly Mutant[] = [
  {
    name: 'errors-mapped-to-400',
    why: 'Kinesis’s client errors are mapped to 400, which the tutorial does not do.',
    clauses: ['DEF-9', 'GW-3', 'ROLE-5'],
    change: errorsTo('400'),
  },
  {
    name: 'errors-hidden',
    why: 'Every error of Kinesis is answered as a success.',
    clauses: [
      'DEF-9',
      'GW-3',
      'CREATE-7',
      'CREATE-7a',
      'CREATE-8',
      'DESC-5',
      'DEL-3',
      'PUT-7',
      'PUTS-5',
      'PUTS-8',
      'ITER-4',
      'GET-7',
      'GW-6',
      'ROLE-3',
      'ROLE-6',
      'PUT-10',
      'INJ-1',
    ],
    change: errorsTo('200', '{}'),
  },
  ...CALL_NAMES.filter((call) => call !== 'list streams').map(
    (call): Mutant => ({
      name: `errors-hidden-to-${call.replaceAll(' ', '-')}`,
      why: `Every error of a call to ${call} is answered with an empty body.`,
      clauses: ['DEF-9', 'GW-3'],
      change: hidden(call),
    }),
  ),
  {
    name: 'created-201',
    why: 'A creation answers 201, as REST suggests.',
    clauses: ['DEF-9', 'CREATE-4'],
    change: operation('create a stream', (own) => {
      own.responses = { '201': { description: 'created' } };
      own['x-amazon-apigateway-integration'].responses = { default: { statusCode: '201' } };
    }),
  },
  {
    name: 'method-response-added',
    why: 'The API has a method response that no integration response maps to.',
    clauses: ['DEF-9'],
    change: operation('list streams', ({ responses }) => {
      responses['500'] = { description: 'never' };
    }),
  },
  {
    name: 'empty-object-for-nothing',
    why: 'A creation and a deletion answer {} where Kinesis’s answer is empty.',
    clauses: ['DEF-9', 'CREATE-4', 'DEL-1'],
    change: document((copy) => {
      for (const call of ['create a stream', 'delete a stream'] as const)
        Object.assign(operationOf(copy, call)['x-amazon-apigateway-integration'].responses.default ?? {}, {
          responseTemplates: { 'application/json': '{}' },
        });
    }),
  },
  answer(
    'list streams',
    'without-more',
    'HasMoreStreams is left out.',
    `{"StreamNames": $input.json('$.StreamNames')}`,
    ['LIST-1', 'LIST-4'],
  ),
  answer(
    'list streams',
    'bare',
    'The answer is the bare list, without the object around it.',
    `$input.json('$.StreamNames')`,
    ['LIST-1', 'LIST-2', 'LIST-3', 'LIST-4', 'GW-10'],
  ),
  answer(
    'list streams',
    'first-name-only',
    'The list has one name only.',
    `{"HasMoreStreams": false, "StreamNames": ["$input.path('$.StreamNames[0]')"]}`,
    ['LIST-2', 'LIST-3', 'LIST-4'],
  ),
  answer(
    'describe a stream',
    'without-its-frame',
    'The answer lacks the StreamDescription object around its members.',
    `$input.json('$.StreamDescription')`,
    ['DESC-1', 'DESC-2', 'DESC-3', 'DESC-6'],
  ),
  answer(
    'describe a stream',
    'without-arn',
    'The ARN is left out, because it contains the account id.',
    `$input.json('$').replaceAll('"StreamARN" *: *"[^"]*",?', '')`,
    ['DESC-1', 'DESC-2'],
  ),
  answer(
    'describe a stream',
    'always-active',
    'The status is always ACTIVE.',
    `$input.json('$').replaceAll('"(CREATING|DELETING)"', '"ACTIVE"')`,
    ['DESC-4', 'JOURNEY-1'],
  ),
  answer(
    'describe a stream',
    'one-week',
    'The answer shows a wrong retention period.',
    `$input.json('$').replaceAll('"RetentionPeriodHours" *: *24', '"RetentionPeriodHours": 168')`,
    ['DESC-2'],
  ),
  answer(
    'describe a stream',
    'complete',
    'HasMoreShards is always false.',
    `$input.json('$').replaceAll('"HasMoreShards" *: *true', '"HasMoreShards": false')`,
    ['DESC-6'],
  ),
  answer(
    'describe a stream',
    'account-hidden',
    'The account id is removed from every error text.',
    `$input.json('$').replaceAll('[0-9]{12}( not found)', 'your account$1')`,
    ['DESC-5'],
  ),
  answer(
    'put a record',
    'without-shard',
    'ShardId is left out.',
    `{"SequenceNumber": $input.json('$.SequenceNumber')}`,
    ['PUT-1', 'PUT-2', 'PUT-4'],
  ),
  answer(
    'put a record',
    'rounded',
    'The sequence number is written as a number.',
    `{"SequenceNumber": $input.path('$.SequenceNumber'), "ShardId": $input.json('$.ShardId')}`,
    ['PUT-1', 'PUT-5'],
  ),
  answer(
    'put records',
    'without-count',
    'FailedRecordCount is left out.',
    `{"Records": $input.json('$.Records')}`,
    ['PUTS-1', 'PUTS-4', 'PUTS-6'],
  ),
  answer(
    'put records',
    'count-zero',
    'FailedRecordCount is always 0.',
    `{"FailedRecordCount": 0, "Records": $input.json('$.Records')}`,
    ['PUTS-6'],
  ),
  answer(
    'put records',
    'first-place-only',
    'The answer has the result of the first record only.',
    `{"FailedRecordCount": 0, "Records": [$input.json('$.Records[0]')]}`,
    ['PUTS-1', 'PUTS-3', 'PUTS-4'],
  ),
  answer('get a shard iterator', 'empty', 'The iterator is empty.', `{"ShardIterator": ""}`, [
    'ITER-1',
    'ITER-2',
  ]),
  answer(
    'get a shard iterator',
    'bare',
    'The answer is the bare iterator, without the object around it.',
    `"$input.path('$.ShardIterator')"`,
    ['ITER-1', 'ITER-2', 'ITER-3'],
  ),
  answer(
    'get records',
    'without-next',
    'NextShardIterator is left out.',
    `{"MillisBehindLatest": $input.json('$.MillisBehindLatest'), "Records": $input.json('$.Records')}`,
    ['GET-1', 'GET-4'],
  ),
  answer(
    'get records',
    'without-delay',
    'MillisBehindLatest is left out.',
    `{"NextShardIterator": $input.json('$.NextShardIterator'), "Records": $input.json('$.Records')}`,
    ['GET-1'],
  ),
  answer(
    'get records',
    'decoded',
    'The response template decodes the data.',
    `#set($root = $input.path('$')){"MillisBehindLatest": $root.MillisBehindLatest, "NextShardIterator": "$root.NextShardIterator", "Records": [#foreach($r in $root.Records){"Data": "$util.base64Decode($r.Data)", "PartitionKey": "$r.PartitionKey", "SequenceNumber": "$r.SequenceNumber", "ApproximateArrivalTimestamp": $r.ApproximateArrivalTimestamp}#if($foreach.hasNext),#end#end]}`,
    ['GET-2', 'GET-4', 'GET-6'],
  ),
  answer(
    'get records',
    'without-time',
    'ApproximateArrivalTimestamp is left out.',
    `$input.json('$').replaceAll('"ApproximateArrivalTimestamp" *: *[0-9.E]+,?', '').replaceAll(',}', '}')`,
    ['GET-2'],
  ),
  {
    name: 'kinesis-header-leaked',
    why: 'Kinesis’s header x-amz-id-2 reaches the client.',
    clauses: ['DEF-9', 'GW-2'],
    change: answerHeader('x-amz-id-2', 'integration.response.header.x-amz-id-2'),
  },
  {
    name: 'opened-to-browsers',
    why: 'Every answer has Access-Control-Allow-Origin.',
    clauses: ['DEF-9', 'GW-2'],
    change: answerHeader('Access-Control-Allow-Origin', "'*'"),
  },
  {
    name: 'content-type-of-kinesis',
    why: 'Kinesis’s own media type reaches the client.',
    clauses: ['DEF-9', 'GW-2'],
    change: answerHeader('Content-Type', 'integration.response.header.Content-Type'),
  },
  {
    name: 'answers-as-text',
    why: 'The answers have the content type text/plain.',
    clauses: ['DEF-9', 'GW-2'],
    change: answerHeader('Content-Type', "'text/plain'"),
  },
  {
    name: 'unknown-is-404',
    why: 'A gateway response changes the 403 for unknown paths to 404.',
    clauses: ['GW-1', 'GW-2', 'GW-8', 'GW-10a'],
    change: gatewayResponse('MISSING_AUTHENTICATION_TOKEN', { statusCode: 404 }),
  },
  {
    name: 'unknown-says-not-found',
    why: 'A gateway response changes the text for unknown paths.',
    clauses: ['GW-1', 'GW-2', 'GW-8', 'GW-10a'],
    change: gatewayResponse('MISSING_AUTHENTICATION_TOKEN', {
      responseTemplates: { 'application/json': '{"message": "Not Found"}' },
    }),
  },
  {
    name: 'gateway-errors-opened-to-browsers',
    why: 'The gateway’s own errors have CORS headers, as after enabling CORS in the console.',
    clauses: ['GW-2'],
    change: gatewayResponse('DEFAULT_4XX', {
      responseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" },
    }),
  },
  {
    name: 'media-type-400',
    why: 'An unsupported media type is answered with 400.',
    clauses: ['GW-5'],
    change: gatewayResponse('UNSUPPORTED_MEDIA_TYPE', { statusCode: 400 }),
  },
  {
    name: 'too-large-400',
    why: 'A body that is too large is answered with 400.',
    clauses: ['GW-9'],
    change: gatewayAnswers(
      () => true,
      (answer) => (answer.status === 413 ? { ...answer, status: 400 } : answer),
    ),
  },
  {
    name: 'role-failure-as-200',
    why: 'The gateway’s failure to use its role is answered as a success.',
    clauses: ['ROLE-4'],
    change: gatewayResponse('API_CONFIGURATION_ERROR', { statusCode: 200 }),
  },
];

function errorsTo(statusCode: string, body?: string) {
  return document((copy) => {
    for (const call of CALL_NAMES) {
      const own = operationOf(copy, call);
      own.responses[statusCode] ??= { description: 'an error' };
      own['x-amazon-apigateway-integration'].responses['4\\d{2}'] = {
        statusCode,
        ...(body === undefined ? {} : { responseTemplates: { 'application/json': body } }),
      };
    }
  });
}

function hidden(call: CallName) {
  return integration(call, ({ responses }) => {
    responses['4\\d{2}'] = { statusCode: '200', responseTemplates: { 'application/json': '{}' } };
  });
}

function answer(
  call: CallName,
  name: string,
  why: string,
  template: string,
  clauses: readonly string[],
): Mutant {
  return {
    name: `answer-to-${call.replaceAll(' ', '-')}-${name}`,
    why,
    clauses: ['DEF-9', ...clauses],
    change: answerTemplate(call, template),
  };
}

function gatewayResponse(type: string, response: object) {
  return document((copy) => {
    copy['x-amazon-apigateway-gateway-responses'] = { [type]: response };
  });
}
