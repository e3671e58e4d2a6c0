import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateModelCommand,
  CreateRequestValidatorCommand,
  CreateRestApiCommand,
  DeleteRequestValidatorCommand,
  GetModelCommand,
  GetRequestValidatorCommand,
  UpdateModelCommand,
  UpdateRequestValidatorCommand,
} from '@aws-sdk/client-api-gateway';
import { type Served, serve } from './testing/served.ts';

let served: Served;
let restApiId: string;
before(async () => {
  served = await serve();
  restApiId = (await served.client.send(new CreateRestApiCommand({ name: 'models' }))).id ?? '';
});
after(() => served.close());

const create = (input: Partial<CreateModelCommand['input']>) =>
  served.client.send(
    new CreateModelCommand({
      restApiId,
      name: 'Pet',
      contentType: 'application/json',
      schema: '{"type":"object"}',
      ...input,
    }),
  );

test("a model keeps its schema's text unchanged", async () => {
  const schema = '{ "type":  "object" }';
  await create({ name: 'Kept', schema, description: 'as is' });
  const model = await served.client.send(new GetModelCommand({ restApiId, modelName: 'Kept' }));
  assert.equal(model.schema, schema);
  assert.equal(model.description, 'as is');
  const patchOperations = [{ op: 'replace', path: '/schema', value: '{"type":"array"}' }] as const;
  const updated = await served.client.send(
    new UpdateModelCommand({ restApiId, modelName: 'Kept', patchOperations: [...patchOperations] }),
  );
  assert.equal(updated.schema, '{"type":"array"}');
});

test('invalid models are refused', async () => {
  await create({});
  const cases: [Partial<CreateModelCommand['input']>, string, string][] = [
    [{}, 'ConflictException', 'Model name already exists for this REST API'],
    [{ name: '' }, 'BadRequestException', 'Model name must be non-empty'],
    [
      { name: 'Other', schema: '' },
      'BadRequestException',
      'Model schema must have at least 1 property or array items defined',
    ],
    [{ restApiId: 'nothere' }, 'NotFoundException', 'Invalid API identifier specified 123456789012:nothere'],
  ];
  for (const [input, name, message] of cases) await assert.rejects(create(input), { name, message });
  await assert.rejects(served.client.send(new GetModelCommand({ restApiId, modelName: 'Missing' })), {
    name: 'NotFoundException',
    message: 'Invalid model name specified: Missing',
  });
});

test('a request validator is created, patched and deleted', async () => {
  const made = await served.client.send(
    new CreateRequestValidatorCommand({ restApiId, name: 'body', validateRequestBody: true }),
  );
  assert.equal(made.validateRequestBody, true);
  assert.equal(made.validateRequestParameters, false);
  const at = { restApiId, requestValidatorId: made.id };
  const updated = await served.client.send(
    new UpdateRequestValidatorCommand({
      ...at,
      patchOperations: [
        { op: 'replace', path: '/validateRequestBody' },
        { op: 'replace', path: '/validateRequestParameters', value: 'true' },
      ],
    }),
  );
  assert.equal(updated.validateRequestBody, false);
  assert.equal(updated.validateRequestParameters, true);
  await served.client.send(new DeleteRequestValidatorCommand(at));
  await assert.rejects(served.client.send(new GetRequestValidatorCommand(at)), {
    name: 'NotFoundException',
    message: 'Invalid Request Validator identifier specified',
  });
});
