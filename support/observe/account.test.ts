import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clients } from '../../infra/provision/clients.ts';
import { differences, readAccount } from './account.ts';

test('only what was added, removed or changed in an account is reported', () => {
  const before = new Map([
    ['role kept', '1'],
    ['stream gone', '2'],
    ['REST API changed', '3'],
  ]);
  const after = new Map([
    ['REST API changed', '4'],
    ['role kept', '1'],
    ['stream new', '5'],
  ]);
  assert.deepEqual(differences(before, before), []);
  assert.deepEqual(differences(before, after), [
    'stream gone is gone: 2',
    'REST API changed was 3 and is 4',
    'stream new was left behind: 5',
  ]);
});

test('a stream that ends while it is read is left out', async () => {
  const gone = Object.assign(new Error('Stream ending not found.'), { name: 'ResourceNotFoundException' });
  const nothing = { send: async () => ({}) };
  const kinesis = {
    send: async (command: { input: { StreamName?: string } }) => {
      const { name } = command.constructor;
      if (name === 'ListStreamsCommand') return { StreamNames: ['ending', 'kept'] };
      if (name === 'ListTagsForStreamCommand' && command.input.StreamName === 'ending') throw gone;
      return { StreamDescription: { StreamStatus: 'DELETING' }, Tags: [] };
    },
  };
  const clients = { kinesis, iam: nothing, apiGateway: nothing } as unknown as Clients;
  assert.deepEqual([...(await readAccount(clients)).keys()], ['stream kept']);
});
