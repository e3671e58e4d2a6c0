import {
  FURTHER_FIELDS,
  furtherNames,
  isClients,
  takesHashKeys,
} from '../../infra/definition/interface/offers.ts';
import type { Call } from '../../infra/definition/interface/types.ts';
import type { Intent } from '../client/by-interface.ts';
import type { ProxyRequest } from '../client/requests.ts';
import type { ProxyWorld } from '../world.ts';
import { subjectsOf } from './production.ts';
import { given } from './refusals.ts';

/** Ends the string around it and starts another member, which Kinesis does not know. */
export const ADDED = '", "Added": "member';

/**
 * Members beside keys, names and data: each gets a value that Kinesis refuses, and a client that breaks out of it makes
 * the request valid, since of two members of one name the last counts.
 */
const VALID: Readonly<Record<(typeof FURTHER_FIELDS)[number], string>> = {
  iteratorType: '"ShardIteratorType": "TRIM_HORIZON"',
  startingSequenceNumber: '"StartingSequenceNumber": null, "ShardIteratorType": "TRIM_HORIZON"',
  timestamp: '"Timestamp": 1',
  limit: '"Limit": 5',
  nextToken: '"NextToken": null',
  exclusiveStartShardId: '"ExclusiveStartShardId": null',
  explicitHashKey: '"ExplicitHashKey": "1"',
};
const INVALID = '!';

/**
 * Calls an action for each further member that the client gives, with texts that end its value and replace it. Members
 * whose odd values the proxy does not pass on, but leaves out, show nothing, and are left alone.
 */
export async function addsMembers(world: ProxyWorld, action: string): Promise<void> {
  const { offered } = world;
  for (const call of offered.calls(action))
    for (const { valid, asking } of furtherMembers(call)) {
      const asked = await subjectsOf(world, action);
      const before = [...offered.attempts];
      for (const broken of [`${INVALID}", "`, `"${INVALID}", "`])
        await offered.makeOrBeRefused(call, { ...asked, ...asking(broken) });
      const isLeftOut = offered.attempts.slice(before.length).some((attempt) => given(attempt).length > 0);
      offered.attempts = before;
      if (isLeftOut) continue;
      for (const attack of [`${INVALID}", ${valid}, "Added": "member`, `"${INVALID}", ${valid}`])
        await offered.makeOrBeRefused(call, { ...asked, ...asking(attack) });
    }
}

/** The members to attack, and how a client gives each its value. */
function furtherMembers(call: Call): { readonly valid: string; readonly asking: (text: string) => Intent }[] {
  const fields = FURTHER_FIELDS.filter((field) => isClients(call[field]));
  const others = furtherNames(call);
  const inRecords = (explicitHashKey: string) => ({ records: [{ ...RECORD, explicitHashKey }] });
  return [
    ...fields.map((field) => ({
      valid: VALID[field],
      asking: (text: string) => ({
        ...(field === 'timestamp' && { iteratorType: 'AT_TIMESTAMP' }),
        [field]: text,
      }),
    })),
    ...(takesHashKeys(call) ? [{ valid: VALID.explicitHashKey, asking: inRecords }] : []),
    ...others.map((name) => ({
      valid: `"${name}": null`,
      asking: (text: string) => ({ others: { [name]: text } }),
    })),
  ];
}

const DATA = 'some data';
const RECORD = { data: DATA, partitionKey: 'some key' };

/** The same within base64 that the client encodes. */
export async function addsMembersInData(world: ProxyWorld, action: string): Promise<void> {
  const encoded = Buffer.from(DATA).toString('base64');
  const records = [RECORD];
  for (const call of world.offered.calls(action))
    await world.offered.make(
      call,
      { ...(await subjectsOf(world, action)), data: DATA, records },
      (request): ProxyRequest => ({
        ...request,
        body: (request.body ?? '').replace(JSON.stringify(encoded), () => JSON.stringify(encoded + ADDED)),
      }),
    );
}
