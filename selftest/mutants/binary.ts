import { CALL_NAMES } from '../../support/client/requests.ts';
import { type Change, combine, type Mutant } from '../changes/change.ts';
import { document, everyIntegration, integration, operationOf } from '../changes/definition.ts';

/** What fails where no answer with a body can be read. */
const ANSWERS = ['LIST-1', 'DESC-1', 'PUT-1', 'PUTS-1', 'ITER-1', 'GET-1', 'JOURNEY-1'];

/** Media types that count as binary, and bodies that are converted. */
export const binary: readonly Mutant[] = [
  {
    name: 'everything-binary',
    why: 'One method of the API serves files, so every media type was declared binary.',
    clauses: [...ANSWERS, 'CREATE-1', 'DEL-1', 'PUT-2', 'PUTS-2', 'DEF-14', 'GW-4'],
    change: binaryTypes('*/*'),
  },
  {
    name: 'everything-binary-and-to-text',
    why: 'The 500 of binary bodies was cured by CONVERT_TO_TEXT: templates see base64 where JSON was sent.',
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
    why: 'JSON was declared binary, so that a file may be named .json.',
    clauses: ['PUT-1', 'PUT-2', 'PUTS-1', 'PUTS-2', 'JOURNEY-1'],
    change: binaryTypes('application/json'),
  },
  {
    name: 'kinesis-media-type-binary',
    why: 'What Kinesis answers was declared binary: clients get base64.',
    clauses: [...ANSWERS, 'GW-3'],
    change: binaryTypes('application/x-amz-json-1.1'),
  },
  {
    name: 'put-one-to-binary',
    why: 'The body of a record was thought to need CONVERT_TO_BINARY.',
    clauses: ['PUT-1', 'PUT-2', 'PUT-3', 'JOURNEY-1'],
    change: integration('put a record', (own) => {
      own.contentHandling = 'CONVERT_TO_BINARY';
    }),
  },
  {
    name: 'answers-to-binary',
    why: 'The answers were thought to be base64.',
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
