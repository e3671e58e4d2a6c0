import type { CallName } from '../../support/client/requests.ts';
import type { Mutant } from '../changes/change.ts';
import { combine } from '../changes/change.ts';
import {
  type Document,
  document,
  everyIntegration,
  inEveryTemplate,
  mockOperation,
  type Operation,
  operation,
  operationOf,
  PLACES,
} from '../changes/definition.ts';

const STREAM = '/streams/{stream-name}';
const ANY = 'x-amazon-apigateway-any-method';

/** Resources, methods and declared inputs. */
export const structure: readonly Mutant[] = [
  {
    name: 'api-renamed',
    why: 'The API was imported under the name of its repository.',
    clauses: ['DEF-1'],
    change: document(({ info }) => {
      info.title = 'kinesis-proxy';
    }),
  },
  {
    name: 'empty-resource-added',
    why: 'The API has a resource without a method.',
    clauses: ['DEF-2'],
    change: document(({ paths }) => {
      paths[`${STREAM}/shards`] = {};
    }),
  },
  {
    name: 'health-check-added',
    why: 'The API has a health check at the root, for a load balancer.',
    clauses: ['DEF-3', 'GW-1'],
    change: document(({ paths }) => {
      paths['/'] = { get: mockOperation('{"status": "up"}') };
    }),
  },
  {
    name: 'everything-else-answered',
    why: 'A greedy resource answers every path that the eight methods do not.',
    clauses: ['DEF-2', 'DEF-3', 'GW-1', 'GW-10a'],
    change: document(({ paths }) => {
      paths['/{proxy+}'] = { [ANY]: mockOperation('{}') };
    }),
  },
  {
    name: 'sharditerator-forgotten',
    why: 'The sharditerator resource is missing.',
    clauses: ['DEF-2', 'DEF-3', 'ITER-1', 'ITER-2', 'ITER-3', 'JOURNEY-1'],
    change: document(({ paths }) => {
      delete paths[`${STREAM}/sharditerator`];
    }),
  },
  {
    name: 'delete-forgotten',
    why: 'The DELETE method is missing.',
    clauses: ['DEF-3', 'DEL-1', 'DEL-2', 'DEL-3', 'JOURNEY-1'],
    change: without('delete a stream'),
  },
  {
    name: 'get-records-forgotten',
    why: 'The records resource has PUT, but no GET.',
    clauses: ['DEF-3', 'GET-1', 'GET-2', 'GET-4', 'GET-5', 'GET-6', 'GET-7'],
    change: without('get records'),
  },
  {
    name: 'create-by-put',
    why: 'PUT creates a stream instead of POST.',
    clauses: ['DEF-3', 'CREATE-1', 'CREATE-2', 'CREATE-4', 'CREATE-6', 'GW-1'],
    change: moved('create a stream', 'put'),
  },
  {
    name: 'put-record-also-by-post',
    why: 'POST puts a record as well, for clients without PUT.',
    clauses: ['DEF-3', 'GW-1'],
    change: copied('put a record', 'post'),
  },
  {
    name: 'iterator-also-by-delete',
    why: 'DELETE gets a shard iterator as well.',
    clauses: ['DEF-3', 'GW-1'],
    change: copied('get a shard iterator', 'delete'),
  },
  {
    name: 'any-verb-reads',
    why: 'The method is ANY instead of GET, so each verb without its own method reads.',
    clauses: ['DEF-3', 'GW-1'],
    change: moved('get records', ANY),
  },
  {
    name: 'any-verb-lists',
    why: 'The method on /streams is ANY instead of GET.',
    clauses: ['DEF-3', 'GW-1'],
    change: moved('list streams', ANY),
  },
  {
    name: 'stream-patched',
    why: 'The API has a PATCH method, which describes the stream.',
    clauses: ['DEF-3', 'GW-1'],
    change: copied('describe a stream', 'patch'),
  },
  {
    name: 'cors-answered',
    why: 'CORS was enabled in the console, so each resource answers OPTIONS.',
    clauses: ['DEF-3', 'GW-1'],
    change: document(({ paths }) => {
      for (const item of Object.values(paths)) item.options = mockOperation('');
    }),
  },
  {
    name: 'capital-streams',
    why: 'The resource is spelt with a capital letter.',
    clauses: ['DEF-2', 'LIST-1', 'GW-10', 'GW-10a'],
    change: document(({ paths }) => {
      paths['/Streams'] = paths['/streams'] as Record<string, Operation>;
      delete paths['/streams'];
    }),
  },
  {
    name: 'path-parameter-renamed',
    why: 'The path parameter is {name}: everything works, but the interface differs.',
    clauses: ['DEF-2', 'DEF-3'],
    change: combine(
      inEveryTemplate("'stream-name'", "'name'"),
      document((copy) => {
        copy.paths = Object.fromEntries(
          Object.entries(copy.paths).map(([path, item]) => [path.replace('{stream-name}', '{name}'), item]),
        );
        for (const item of Object.values(copy.paths))
          for (const { parameters = [] } of Object.values(item))
            for (const parameter of parameters) if (parameter.name === 'stream-name') parameter.name = 'name';
      }),
    ),
  },
  {
    name: 'path-parameter-not-the-templates',
    why: 'The path parameter was renamed but the templates were not, so they find no stream name.',
    clauses: ['DEF-2', 'DESC-1', 'CREATE-5', 'DEL-2', 'PUT-1', 'PUTS-1', 'ITER-1'],
    change: document((copy) => {
      copy.paths = Object.fromEntries(
        Object.entries(copy.paths).map(([path, item]) => [path.replace('{stream-name}', '{stream}'), item]),
      );
      for (const item of Object.values(copy.paths))
        for (const { parameters = [] } of Object.values(item))
          for (const parameter of parameters) if (parameter.name === 'stream-name') parameter.name = 'stream';
    }),
  },
  {
    name: 'shard-id-undeclared',
    why: 'The query parameter shard-id is used but not declared.',
    clauses: ['DEF-10'],
    change: undeclared('get a shard iterator', 'shard-id'),
  },
  {
    name: 'shard-id-declared-as-header',
    why: 'shard-id is declared as a header instead of a query parameter.',
    clauses: ['DEF-10'],
    change: operation('get a shard iterator', ({ parameters = [] }) => {
      for (const parameter of parameters) if (parameter.name === 'shard-id') parameter.in = 'header';
    }),
  },
  {
    name: 'shard-iterator-undeclared',
    why: 'The header Shard-Iterator is used but not declared.',
    clauses: ['DEF-10'],
    change: undeclared('get records', 'Shard-Iterator'),
  },
  {
    name: 'validator-on',
    why: 'Every method validates bodies and parameters.',
    clauses: ['DEF-10a'],
    change: validated(() => undefined),
  },
  {
    name: 'validator-demands-the-shard',
    why: 'The gateway refuses a call without shard-id before Kinesis can.',
    clauses: ['DEF-10a', 'ITER-4'],
    change: validated((copy) => {
      for (const parameter of operationOf(copy, 'get a shard iterator').parameters ?? [])
        if (parameter.name === 'shard-id') parameter.required = true;
    }),
  },
  {
    name: 'validator-demands-the-iterator',
    why: 'The gateway refuses a call without Shard-Iterator before Kinesis can.',
    clauses: ['DEF-10a', 'GET-7', 'GET-3'],
    change: validated((copy) => {
      for (const parameter of operationOf(copy, 'get records').parameters ?? [])
        if (parameter.name === 'Shard-Iterator') parameter.required = true;
    }),
  },
  {
    name: 'validator-demands-a-key',
    why: 'The gateway refuses an empty body before Kinesis can.',
    clauses: ['DEF-10a', 'GW-6', 'PUT-7'],
    change: validated(({ components: { schemas } }) => {
      (schemas.PutRecordMethodRequestPayload as Record<string, unknown>).required = ['Data', 'PartitionKey'];
    }),
  },
  {
    name: 'one-call-mocked',
    why: 'A mock integration, left from a demonstration, lists streams that do not exist.',
    clauses: ['DEF-4', 'LIST-2', 'LIST-3'],
    change: operation('list streams', (own) => {
      Object.assign(own, mockOperation('{"HasMoreStreams": false, "StreamNames": ["demo"]}'));
    }),
  },
  {
    name: 'templates-for-another-media-type',
    why: 'The templates are for text/json instead of application/json.',
    clauses: ['DEF-7', 'GW-4', 'LIST-1'],
    change: everyIntegration((integration) => {
      integration.requestTemplates = {
        'text/json': Object.values(integration.requestTemplates ?? {})[0] ?? '',
      };
    }),
  },
];

function without(call: CallName) {
  return document(({ paths }) => {
    const [path, verb] = PLACES[call];
    delete paths[path]?.[verb];
  });
}

function copied(call: CallName, verb: string) {
  return document((copy) => {
    (copy.paths[PLACES[call][0]] as Record<string, Operation>)[verb] = structuredClone(
      operationOf(copy, call),
    );
  });
}

function moved(call: CallName, verb: string) {
  return combine(copied(call, verb), without(call));
}

function undeclared(call: CallName, name: string) {
  return operation(call, (own) => {
    own.parameters = (own.parameters ?? []).filter((parameter) => parameter.name !== name);
  });
}

function validated(edit: (copy: Document) => void) {
  return document((copy) => {
    copy['x-amazon-apigateway-request-validators'] = {
      all: { validateRequestBody: true, validateRequestParameters: true },
    };
    copy['x-amazon-apigateway-request-validator'] = 'all';
    edit(copy);
  });
}
