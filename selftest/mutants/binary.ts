import { CALL_NAMES } from '../../support/client/requests.ts';
import { type Change, combine, type Mutant } from '../changes/change.ts';
import { document, everyIntegration, integration, operationOf } from '../changes/definition.ts';

/** The clauses that fail when no answer with a body can be read. */
const ANSWERS = ['LIST-1', 'DESC-1', 'PUT-1', 'PUTS-1', 'ITER-1', 'GET-1', 'JOURNEY-1'];

/** Binary media types, and integrations that convert bodies. */
export const binary: readonly Mutant[] = [
  {
    name: 'everything-binary',
    why: 'The API declares every media type binary, because one of its methods serves files.',
    clauses: [...ANSWERS, 'CREATE-1', 'DEL-1', 'PUT-2', 'PUTS-2', 'DEF-14', 'GW-4'],
    change: binaryTypes('*/*'),
  },
  {
    name: 'everything-binary-and-to-text',
    why: 'CONVERT_TO_TEXT was added to avoid the 500 for binary bodies, so templates get base64 instead of the JSON that was sent.',
    clauses: ['CREATE-2', 'PUT-2', 'PUT-3', 'PUTS-2', 'JOURNEY-1'],
    change: combine(
      binaryTypes('*/*'),
      everyIntegration((own) => {
        own.contentHandling = 'CONVERT_TO_TEXT';
      }),
    ),
  },
  {
    name: 'json-binary',
    why: 'The API declares JSON binary, so that it can serve .json files.',
    clauses: ['PUT-1', 'PUT-2', 'PUTS-1', 'PUTS-2', 'JOURNEY-1'],
    change: binaryTypes('application/json'),
  },
  {
    name: 'kinesis-media-type-binary',
    why: 'The API declares the media type of Kinesis’s answers binary, so clients get base64.',
    clauses: [...ANSWERS, 'GW-3'],
    change: binaryTypes('application/x-amz-json-1.1'),
  },
  {
    name: 'put-one-to-binary',
    why: 'The integration of PutRecord converts its body with CONVERT_TO_BINARY.',
    clauses: ['PUT-1', 'PUT-2', 'PUT-3', 'JOURNEY-1'],
    change: integration('put a record', (own) => {
      own.contentHandling = 'CONVERT_TO_BINARY';
    }),
  },
  {
    name: 'answers-to-binary',
    why: 'Every integration response converts its body with CONVERT_TO_BINARY.',
    clauses: [...ANSWERS, 'GW-3'],
    change: document((copy) => {
      for (const call of CALL_NAMES) {
        const { responses } = operationOf(copy, call)['x-amazon-apigateway-integration'];
        for (const response of Object.values(responses)) response.contentHandling = 'CONVERT_TO_BINARY';
      }
    }),
  },
];

function binaryTypes(...types: readonly string[]): Change {
  return document((copy) => {
    copy['x-amazon-apigateway-binary-media-types'] = types;
  });
}
