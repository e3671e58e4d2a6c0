import { CALL_NAMES, type CallName } from '../../support/client/requests.ts';
import { combine, type Mutant } from '../changes/change.ts';
import {
  document,
  everyIntegration,
  integration,
  JSON_TYPE,
  operationOf,
  PLACES,
} from '../changes/definition.ts';

const CONTENT_TYPE = 'integration.request.header.Content-Type';

/** Integrations: the service, the action, the role, the headers and the pass-through. */
export const integrations: readonly Mutant[] = [
  wrongAction('list streams', 'ListShards', 'The method calls ListShards instead of ListStreams.', [
    'LIST-1',
  ]),
  wrongAction('create a stream', 'DescribeStream', 'The POST method was copied from GET.', [
    'CREATE-4',
    'CREATE-5',
    'CREATE-3',
  ]),
  wrongAction(
    'describe a stream',
    'DescribeStreamSummary',
    'The method calls DescribeStreamSummary, whose answer is similar.',
    ['DESC-1', 'DESC-2', 'DESC-3', 'DESC-6'],
  ),
  wrongAction('describe a stream', 'DeleteStream', 'Describing a stream deletes it.', ['DESC-1', 'DESC-2']),
  wrongAction(
    'delete a stream',
    'DescribeStream',
    'The DELETE method was copied from GET, so it describes the stream.',
    ['DEL-1', 'DEL-2'],
  ),
  wrongAction('put a record', 'PutRecords', 'The method calls PutRecords instead of PutRecord.', [
    'PUT-1',
    'PUT-2',
    'PUT-3',
  ]),
  wrongAction('put records', 'PutRecord', 'The method calls PutRecord instead of PutRecords.', [
    'PUTS-1',
    'PUTS-2',
    'PUTS-4',
  ]),
  wrongAction(
    'get a shard iterator',
    'GetRecords',
    'The method calls GetRecords instead of GetShardIterator.',
    ['ITER-1', 'ITER-2'],
  ),
  wrongAction('get records', 'GetShardIterator', 'The method calls GetShardIterator instead of GetRecords.', [
    'GET-1',
    'GET-2',
  ]),
  {
    name: 'kinesis-called-by-get',
    why: 'The integration calls Kinesis with GET, the verb of the method.',
    clauses: ['DEF-4', 'LIST-1', 'LIST-2'],
    change: integration('list streams', (own) => {
      own.httpMethod = 'GET';
    }),
  },
  {
    name: 'client-verbs-throughout',
    why: 'Every integration calls Kinesis with the verb of its method.',
    clauses: ['DEF-4', 'LIST-1', 'DESC-1', 'DEL-1', 'PUT-1', 'PUTS-1', 'ITER-1', 'GET-1', 'JOURNEY-1'],
    change: everyIntegration((own, call) => {
      own.httpMethod = PLACES[call][1].toUpperCase();
    }),
  },
  {
    name: 'records-into-another-region',
    why: 'One method writes to the region of an older deployment.',
    clauses: ['DEF-4', 'PUT-1', 'PUT-2'],
    change: integration('put a record', (own) => {
      own.uri = 'arn:aws:apigateway:eu-west-1:kinesis:action/PutRecord';
    }),
  },
  {
    name: 'another-service',
    why: 'The integration calls Firehose, which also has a PutRecord.',
    clauses: ['DEF-4', 'PUT-1', 'PUT-2'],
    change: integration('put a record', (own) => {
      own.uri = 'arn:aws:apigateway:us-east-1:firehose:action/PutRecord';
    }),
  },
  {
    name: 'action-in-a-header',
    why: 'The integration names the action in X-Amz-Target: this works, but the tutorial does not do it.',
    clauses: ['DEF-4'],
    change: integration('list streams', (own) => {
      own.uri = 'arn:aws:apigateway:us-east-1:kinesis:path//';
      own.requestParameters = {
        ...own.requestParameters,
        'integration.request.header.X-Amz-Target': "'Kinesis_20131202.ListStreams'",
      };
    }),
  },
  {
    name: 'no-role-anywhere',
    why: 'No method has an execution role.',
    clauses: ['DEF-5'],
    refused: "Unable to put integration on 'GET' for resource at path '/streams': Role ARN must be specified",
    change: everyIntegration((own) => {
      delete own.credentials;
    }),
  },
  {
    name: 'no-role-on-one-method',
    why: 'One of the eight methods has no execution role.',
    clauses: ['DEF-5'],
    refused: 'Role ARN must be specified for AWS integrations',
    change: integration('put records', (own) => {
      delete own.credentials;
    }),
  },
  {
    name: 'content-type-nowhere',
    why: 'No integration maps the Content-Type header.',
    clauses: ['DEF-6', 'GW-12'],
    change: everyIntegration((own) => {
      delete own.requestParameters;
    }),
  },
  {
    name: 'content-type-missing-on-describe',
    why: 'DescribeStream does not map the Content-Type header, as in AWS’s own published definition.',
    clauses: ['DEF-6', 'GW-12'],
    change: integration('describe a stream', (own) => {
      delete own.requestParameters;
    }),
  },
  {
    name: 'content-type-plain-json',
    why: 'The integration sends application/json, which Kinesis does not accept.',
    clauses: ['DEF-6', 'GW-12'],
    change: contentType("'application/json'"),
  },
  {
    name: 'content-type-of-dynamodb',
    why: 'The integration sends DynamoDB’s application/x-amz-json-1.0.',
    clauses: ['DEF-6', 'GW-12'],
    change: contentType("'application/x-amz-json-1.0'"),
  },
  {
    name: 'content-type-of-the-client',
    why: 'The integration passes the client’s own Content-Type on.',
    clauses: ['DEF-6', 'GW-12'],
    change: combine(
      // API Gateway refuses to map a header that the method does not declare.
      document((copy) => {
        for (const call of CALL_NAMES)
          operationOf(copy, call).parameters = [
            ...(operationOf(copy, call).parameters ?? []),
            { name: 'Content-Type', in: 'header', schema: { type: 'string' } },
          ];
      }),
      contentType('method.request.header.Content-Type'),
    ),
  },
  {
    name: 'content-type-wrong-on-get-records',
    why: 'GetRecords, for which the tutorial maps no Content-Type, sends a wrong one.',
    clauses: ['DEF-6'],
    change: integration('get records', (own) => {
      own.requestParameters = { [CONTENT_TYPE]: "'text/plain'" };
    }),
  },
  {
    name: 'pass-through-loosened',
    why: 'passthroughBehavior is when_no_match everywhere, as in AWS’s published definition, so raw requests reach Kinesis.',
    clauses: ['DEF-8', 'GW-5'],
    change: everyIntegration((own) => {
      own.passthroughBehavior = 'when_no_match';
    }),
  },
  {
    name: 'pass-through-unsaid',
    why: 'passthroughBehavior is not set, and its default lets raw requests through.',
    clauses: ['DEF-8', 'GW-5'],
    change: everyIntegration((own) => {
      delete own.passthroughBehavior;
    }),
  },
  {
    name: 'pass-through-loosened-once',
    why: 'One method passes raw requests through, which is enough to delete any stream.',
    clauses: ['DEF-8', 'GW-5'],
    change: integration('delete a stream', (own) => {
      own.passthroughBehavior = 'when_no_match';
    }),
  },
  ...['text/plain', 'application/x-www-form-urlencoded', 'application/xml'].map(
    (mediaType): Mutant => ({
      name: `template-also-for-${mediaType.split('/')[1]}`,
      why: 'A second template accepts a media type that browsers send without a preflight.',
      clauses: ['DEF-7', 'GW-5'],
      change: everyIntegration(({ requestTemplates = {} }) => {
        requestTemplates[mediaType] = requestTemplates[JSON_TYPE] ?? '';
      }),
    }),
  ),
  {
    name: 'raw-kinesis-let-in',
    why: 'The template $input.body for Kinesis’s own media type passes raw requests through.',
    clauses: ['DEF-7', 'GW-5'],
    change: everyIntegration(({ requestTemplates = {} }) => {
      requestTemplates['application/x-amz-json-1.1'] = '$input.body';
    }),
  },
  {
    name: 'no-template-on-put',
    why: 'The method has no template, so the client’s body reaches Kinesis unchanged.',
    clauses: ['DEF-7', 'PUT-1', 'PUT-3'],
    change: integration('put a record', (own) => {
      delete own.requestTemplates;
    }),
  },
];

function wrongAction(call: CallName, action: string, why: string, clauses: readonly string[]): Mutant {
  return {
    name: `${call.replace(/ an? | /g, '-')}-calls-${action}`,
    why,
    clauses: ['DEF-4', 'GW-12', ...clauses],
    change: integration(call, (own) => {
      own.uri = `arn:aws:apigateway:us-east-1:kinesis:action/${action}`;
    }),
  };
}

function contentType(expression: string) {
  return everyIntegration((own) => {
    if (own.requestParameters) own.requestParameters = { [CONTENT_TYPE]: expression };
  });
}
