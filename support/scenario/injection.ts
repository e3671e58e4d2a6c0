import { isClients, TOKENS } from '../../infra/definition/interface/offers.ts';
import type { ProxyRequest } from '../client/requests.ts';
import type { ProxyWorld } from '../world.ts';
import { subjectsOf } from './production.ts';

/** Ends the string around it and starts another member, which Kinesis does not know. */
export const ADDED = '", "Added": "member';

/** Makes the injected request valid: of two members the last counts, so a repeated member replaces an invalid value. */
const BREAKING_OUT: Readonly<Record<(typeof TOKENS)[number], string>> = {
  iteratorType: `TRIM_HORIZON${ADDED}`,
  startingSequenceNumber: `none", "StartingSequenceNumber": null, "Added": "member`,
  nextToken: `none", "NextToken": null, "Added": "member`,
};

/** Calls an action once for each token that the client gives, with a text that adds a member if it is not escaped. */
export async function addsMembers(world: ProxyWorld, action: string): Promise<void> {
  for (const call of world.offered.calls(action))
    for (const field of TOKENS.filter((one) => isClients(call[one])))
      await world.offered.make(call, {
        ...(await subjectsOf(world, action)),
        [field]: BREAKING_OUT[field],
      });
}

const DATA = 'some data';

/** The same within base64 that the client encodes. */
export async function addsMembersInData(world: ProxyWorld, action: string): Promise<void> {
  const encoded = Buffer.from(DATA).toString('base64');
  const records = [{ data: DATA, partitionKey: 'some key' }];
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
