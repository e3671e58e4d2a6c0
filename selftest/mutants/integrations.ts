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

/** What stands behind a method, and what it is sent. */
export const integrations: readonly Mutant[] = [
  wrongAction('list streams', 'ListShards', 'The other List action was picked.', ['LIST-1']),
  wrongAction('create a stream', 'DescribeStream', 'POST was copied from GET.', [
    'CREATE-4',
    'CREATE-5',
    'CREATE-3',
  ]),
  wrongAction('describe a stream', 'DescribeStreamSummary', 'The summary looks like the description.', [
    'DESC-1',
    'DESC-2',
    'DESC-3',
    'DESC-6',
  ]),
  wrongAction('describe a stream', 'DeleteStream', 'Looking at a stream deletes it.', ['DESC-1', 'DESC-2']),
  wrongAction('delete a stream', 'DescribeStream', 'DELETE describes: the method was copied.', [
    'DEL-1',
    'DEL-2',
  ]),
  wrongAction('put a record', 'PutRecords', 'The plural was picked.', ['PUT-1', 'PUT-2', 'PUT-3']),
  wrongAction('put records', 'PutRecord', 'The singular was picked.', ['PUTS-1', 'PUTS-2', 'PUTS-4']),
  wrongAction('get a shard iterator', 'GetRecords', 'The next call was picked.', ['ITER-1', 'ITER-2']),
  wrongAction('get records', 'GetShardIterator', 'The call before was picked.', ['GET-1', 'GET-2']),
  {
    name: 'kinesis-called-by-get',
    why: 'The integration’s verb was taken from the client’s.',
    clauses: ['DEF-4', 'LIST-1', 'LIST-2'],
    change: integration('list streams', (own) => {
      own.httpMethod = 'GET';
    }),
  },
  {
    name: 'client-verbs-throughout',
    why: 'Every integration has the verb of its method.',
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
    why: 'Firehose has a PutRecord as well.',
    clauses: ['DEF-4', 'PUT-1', 'PUT-2'],
    change: integration('put a record', (own) => {
      own.uri = 'arn:aws:apigateway:us-east-1:firehose:action/PutRecord';
    }),
  },
  {
    name: 'action-in-a-header',
    why: 'The action is named by X-Amz-Target and a path: it works and is not the tutorial’s way.',
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
    why: 'The execution role was never entered.',
    clauses: ['DEF-5'],
    refused: "Unable to put integration on 'GET' for resource at path '/streams': Role ARN must be specified",
    change: everyIntegration((own) => {
      delete own.credentials;
    }),
  },
  {
    name: 'no-role-on-one-method',
    why: 'One of eight was forgotten.',
    clauses: ['DEF-5'],
    refused: 'Role ARN must be specified for AWS integrations',
    change: integration('put records', (own) => {
      delete own.credentials;
    }),
  },
  {
    name: 'content-type-nowhere',
    why: 'The header mapping was left out.',
    clauses: ['DEF-6', 'GW-12'],
    change: everyIntegration((own) => {
      delete own.requestParameters;
    }),
  },
  {
    name: 'content-type-missing-on-describe',
    why: 'What AWS’s own published definition forgets.',
    clauses: ['DEF-6', 'GW-12'],
    change: integration('describe a stream', (own) => {
      delete own.requestParameters;
    }),
  },
  {
    name: 'content-type-plain-json',
    why: 'application/json looks right if one does not know Kinesis.',
    clauses: ['DEF-6', 'GW-12'],
    change: contentType("'application/json'"),
  },
  {
    name: 'content-type-of-dynamodb',
    why: 'Version 1.0 was copied from a proxy for DynamoDB.',
    clauses: ['DEF-6', 'GW-12'],
    change: contentType("'application/x-amz-json-1.0'"),
  },
  {
    name: 'content-type-of-the-client',
    why: 'The client’s own Content-Type is handed through.',
    clauses: ['DEF-6', 'GW-12'],
    change: combine(
      // API Gateway refuses a mapping of what the method does not declare.
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
    why: 'Where the tutorial prescribes none, a wrong one is no better.',
    clauses: ['DEF-6'],
    change: integration('get records', (own) => {
      own.requestParameters = { [CONTENT_TYPE]: "'text/plain'" };
    }),
  },
  {
    name: 'pass-through-loosened',
    why: 'when_no_match everywhere, as in AWS’s published definition: raw requests reach Kinesis.',
    clauses: ['DEF-8', 'GW-5'],
    change: everyIntegration((own) => {
      own.passthroughBehavior = 'when_no_match';
    }),
  },
  {
    name: 'pass-through-unsaid',
    why: 'The setting was left out, and its default is the loose one.',
    clauses: ['DEF-8', 'GW-5'],
    change: everyIntegration((own) => {
      delete own.passthroughBehavior;
    }),
  },
  {
    name: 'pass-through-loosened-once',
    why: 'One method is enough to delete any stream.',
    clauses: ['DEF-8', 'GW-5'],
    change: integration('delete a stream', (own) => {
      own.passthroughBehavior = 'when_no_match';
    }),
  },
  ...['text/plain', 'application/x-www-form-urlencoded', 'application/xml'].map(
    (mediaType): Mutant => ({
      name: `template-also-for-${mediaType.split('/')[1]}`,
      why: 'A second template lets in what a browser may send without asking.',
      clauses: ['DEF-7', 'GW-5'],
      change: everyIntegration(({ requestTemplates = {} }) => {
        requestTemplates[mediaType] = requestTemplates[JSON_TYPE] ?? '';
      }),
    }),
  ),
  {
    name: 'raw-kinesis-let-in',
    why: 'A template of $input.body for Kinesis’s own media type is a pass-through by another name.',
    clauses: ['DEF-7', 'GW-5'],
    change: everyIntegration(({ requestTemplates = {} }) => {
      requestTemplates['application/x-amz-json-1.1'] = '$input.body';
    }),
  },
  {
    name: 'no-template-on-put',
    why: 'The client’s body goes to Kinesis as it is.',
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
