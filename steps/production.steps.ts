import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import {
  ANONYMOUS,
  type Signature,
  signedIdentity,
  UNKNOWN_API_KEY,
} from '../support/client/caller-identity.ts';
import { partsWith } from '../support/client/expected-input.ts';
import { asText, readable } from '../support/client/gateway-values.ts';
import { expect } from '../support/expect/expect.ts';
import type { KinesisFailure } from '../support/observe/conditions.ts';
import { allowedBeyond, writesElsewhere } from '../support/observe/role.ts';
import {
  callsWithoutTemplate,
  leavesOutMembers,
  objectsCanBeRead,
  putsObjects,
  withHalfItsBody,
} from '../support/scenario/bodies.ts';
import { setKinesisConditions } from '../support/scenario/conditions.ts';
import { isReadOutOf, putsOf, spoils } from '../support/scenario/expected-puts.ts';
import { ADDED, addsMembers, addsMembersInData } from '../support/scenario/injection.ts';
import { listedEach, listsToTheEnd } from '../support/scenario/lists.ts';
import type { Attempt } from '../support/scenario/offered.ts';
import {
  becomeActive,
  callsAction,
  FIRST_SHARD,
  fill,
  hasIterators,
  hasReadEverything,
  readsToTheEnd,
  someIterator,
  takesOwnStream,
  takesStream,
  tellsWhatKinesisTells,
} from '../support/scenario/production.ts';
import { putsEmptyElement, putsTexts } from '../support/scenario/puts.ts';
import {
  breakingOut,
  failuresTold,
  given,
  hasType,
  internalDetails,
  internalDetailsOfRefused,
  isDone,
  isTurnedAway,
  meetsErrors,
  tellsErrorsApart,
} from '../support/scenario/refusals.ts';
import { isSpread, putsApart } from '../support/scenario/spread.ts';
import {
  holdsNothingNew,
  holdsNothingTwice,
  holdsWhatWasPut,
  keysCanBeRead,
  storedAsGivenOrRefused,
} from '../support/scenario/stored.ts';
import {
  attemptsOfEach,
  isAccepted,
  putsHeavyBatches,
  putsHeavyRecords,
  tellsWhichToSendAgain,
} from '../support/scenario/throttling.ts';
import type { ProxyWorld } from '../support/world.ts';

Given('a stream that the proxy serves', async function (this: ProxyWorld) {
  await takesStream(this);
});

Given('a stream with {int} records that the proxy serves', async function (this: ProxyWorld, count: number) {
  await takesOwnStream(this);
  await fill(this, 'the stream', count);
});

Given(
  /^Kinesis answers (\w+) with (InternalFailure|ServiceUnavailable|ProvisionedThroughputExceededException|LimitExceededException)$/,
  async function (this: ProxyWorld, action: string, error: KinesisFailure) {
    await setKinesisConditions(this, { failing: { [action]: error } });
  },
);

Given(
  'Kinesis answers {action} when the gateway has given up',
  async function (this: ProxyWorld, action: string) {
    await setKinesisConditions(this, { slow: [action] });
  },
);

Given('a stream that does not exist', function (this: ProxyWorld) {
  this.streams.nameOf('an unknown stream');
});

When('the client calls {action}', async function (this: ProxyWorld, action: string) {
  await callsAction(this, action);
});

When(
  'the client calls {action}, which Kinesis denies, throttles, and fails to do',
  async function (this: ProxyWorld, action: string) {
    await meetsErrors(this, action);
  },
);

When('the client calls {action} anonymously', async function (this: ProxyWorld, action: string) {
  this.client.identity = ANONYMOUS;
  await callsAction(this, action);
});

When('the client calls {action} with another API key', async function (this: ProxyWorld, action: string) {
  this.client.identity = UNKNOWN_API_KEY;
  await callsAction(this, action);
});

When(
  'the client calls {action} signed {signature}',
  async function (this: ProxyWorld, action: string, signature: Signature) {
    this.client.identity = signedIdentity(signature, (own, region) => this.worker.sessionOf(own, region));
    await callsAction(this, action);
  },
);

When(
  "the client calls {action} with Kinesis's own request as a body of each media type without a template",
  async function (this: ProxyWorld, action: string) {
    await callsWithoutTemplate(this, action);
  },
);

When('the client puts an object as data with {action}', async function (this: ProxyWorld, action: string) {
  await putsObjects(this, action);
});

When(
  'the client calls {action} without each member that it needs in turn',
  async function (this: ProxyWorld, action: string) {
    await leavesOutMembers(this, action);
  },
);

When(
  'an operator reads how {action} answers a failure of Kinesis',
  function (this: ProxyWorld, action: string) {
    this.offered.look(action);
  },
);

When('the client calls {action} with the empty object', async function (this: ProxyWorld, action: string) {
  await callsAction(this, action, {}, (request) => ({ ...request, body: '{}' }));
});

When('the client puts a batch of one empty object', async function (this: ProxyWorld) {
  await putsEmptyElement(this);
});

When(
  'the client calls {action} with half a JSON document',
  async function (this: ProxyWorld, action: string) {
    await callsAction(this, action, {}, withHalfItsBody);
  },
);

When(
  'the client calls {action} for a stream whose name adds the other one',
  async function (this: ProxyWorld, action: string) {
    const [one, other] = [this.streams.nameOf('the stream'), this.streams.nameOf('the other stream')];
    await callsAction(this, action, { stream: `${one}", "StreamName": "${other}` });
  },
);

When(
  'the client calls {action} for a stream whose name adds a member',
  async function (this: ProxyWorld, action: string) {
    await callsAction(this, action, { stream: this.streams.nameOf('the stream') + ADDED });
  },
);

When(
  'the client calls {action} with tokens that add a member to the request',
  async function (this: ProxyWorld, action: string) {
    await addsMembers(this, action);
  },
);

When(
  'the client calls {action} with base64 that adds a member to the request',
  async function (this: ProxyWorld, action: string) {
    await addsMembersInData(this, action);
  },
);

When('the client reads with an invalid iterator', async function (this: ProxyWorld) {
  this.streams.nameOf('an unknown stream');
  await this.offered.call('GetRecords', { stream: 'any', iterator: 'not-an-iterator' });
});

When(
  'the client asks for an iterator of a shard whose name adds the first one',
  async function (this: ProxyWorld) {
    await callsAction(this, 'GetShardIterator', { shardId: breakingOut('ShardId', FIRST_SHARD) });
  },
);

When('the client reads with an iterator that adds a good one', async function (this: ProxyWorld) {
  const iterator = breakingOut('ShardIterator', await someIterator(this));
  await callsAction(this, 'GetRecords', { iterator });
});

When('the client lists the streams from a name that adds another one', async function (this: ProxyWorld) {
  await callsAction(this, 'ListStreams', {
    exclusiveStartStreamName: breakingOut('ExclusiveStartStreamName', '-'),
  });
});

When('the client creates a stream', async function (this: ProxyWorld) {
  await callsAction(this, 'CreateStream');
});

When('the client creates a stream of {int} shards', async function (this: ProxyWorld, shards: number) {
  await callsAction(this, 'CreateStream', { shardCount: String(shards) });
});

When(
  'the client creates a stream with the shard count {string}',
  async function (this: ProxyWorld, count: string) {
    await callsAction(this, 'CreateStream', { shardCount: count });
  },
);

When('the client creates a stream whose name adds another one', async function (this: ProxyWorld) {
  const name = this.streams.nameOf('a new stream');
  // Does not use callsAction, which would request another new stream's name.
  await this.offered.call('CreateStream', { stream: `${name}-a", "StreamName": "${name}`, shardCount: '1' });
});

When('the client creates a stream of that name', async function (this: ProxyWorld) {
  await callsAction(this, 'CreateStream', { stream: this.streams.nameOf('the stream') });
});

When(
  'the client puts each of these texts with {action}:',
  async function (this: ProxyWorld, action: string, table: DataTable) {
    const texts = table.hashes().map(({ text = '' }) => written(text));
    await putsTexts(
      this,
      action,
      texts.map((data) => ({ data, partitionKey: 'some key' })),
    );
  },
);

When(
  'the client puts a text of {int} bytes with {action}',
  async function (this: ProxyWorld, bytes: number, action: string) {
    await putsTexts(this, action, [{ data: 'x'.repeat(bytes), partitionKey: 'some key' }]);
  },
);

When(
  'the client puts a record under each of these keys with {action}:',
  async function (this: ProxyWorld, action: string, table: DataTable) {
    const keys = table.hashes().map(({ key = '' }) => written(key));
    await putsTexts(
      this,
      action,
      keys.map((partitionKey, index) => ({ data: `record ${index}`, partitionKey })),
    );
  },
);

When(
  'the client puts a record under the key {string} with {action}',
  async function (this: ProxyWorld, partitionKey: string, action: string) {
    await putsTexts(this, action, [{ data: 'some data', partitionKey }]);
  },
);

When('the client puts a batch of {int} record(s)', async function (this: ProxyWorld, count: number) {
  await putsTexts(this, 'PutRecords', numbered(count));
});

When('the client puts {int} batches of one record', async function (this: ProxyWorld, count: number) {
  await putsApart(
    this,
    'PutRecords',
    numbered(count).map((record) => [record]),
  );
});

When(
  'the client puts {int} records with {action}',
  async function (this: ProxyWorld, count: number, action: string) {
    await putsApart(this, action, [numbered(count)]);
  },
);

When('the client reads the stream to its end', async function (this: ProxyWorld) {
  await readsToTheEnd(this);
});

When('the client lists the streams to the end of the list', async function (this: ProxyWorld) {
  await listsToTheEnd(this);
});

Then('the call fails', function (this: ProxyWorld) {
  eachAnswers(this, (status) => status >= 400, '4xx or 5xx');
});

Then('the call fails with {int}', function (this: ProxyWorld, status: number) {
  for (const { answer } of this.offered.attempts) expect(answer).to.have.status(status);
});

Then('the client is to blame', function (this: ProxyWorld) {
  eachAnswers(this, (status) => status >= 400 && status < 500, '4xx');
});

Then('it is given nothing', function (this: ProxyWorld) {
  for (const attempt of this.offered.attempts)
    expect(given(attempt), `what ${attempt.answer} gives`).to.deep.equal([]);
});

Then('the server is to blame', function (this: ProxyWorld) {
  eachAnswers(this, (status) => status >= 500, '5xx');
});

Then('the caller is turned away', function (this: ProxyWorld) {
  isTurnedAway(this);
});

Then('API Gateway calls it a {error}', function (this: ProxyWorld, type: string) {
  if (!this.deployment.capabilities.includes('aws-fidelity')) return;
  for (const { answer } of this.offered.attempts) expect(answer).to.have.header('x-amzn-errortype', type);
});

Then('each call succeeds', function (this: ProxyWorld) {
  for (const { answer } of this.offered.attempts) expect(answer).to.succeed();
});

Then('the error has a type', function (this: ProxyWorld) {
  for (const attempt of this.offered.attempts)
    if (!hasType(attempt) || isDone(attempt))
      expect.fail(`expected a field with the type of the error, and ${attempt.answer}`);
});

Then('the types of the errors tell them apart', function (this: ProxyWorld) {
  tellsErrorsApart(this);
});

Then('the error names no account, ARN or role', function (this: ProxyWorld) {
  for (const attempt of this.offered.attempts)
    givesNothingAway(attempt, internalDetails(attempt, roleNames(this)));
});

Then(
  'that answer names no account, ARN or role where it tells of refused records',
  function (this: ProxyWorld) {
    for (const [last] of attemptsOfEach(this))
      if (last) givesNothingAway(last, internalDetailsOfRefused(last, roleNames(this)));
  },
);

Then("a failure of Kinesis is told as the server's", function (this: ProxyWorld) {
  for (const call of this.offered.looked) {
    const [told] = failuresTold(call);
    if (told !== undefined) expect.fail(`expected 5xx, and ${call.method} ${call.path} answers ${told}`);
  }
});

Then('each object that is accepted can be read out of what is stored', async function (this: ProxyWorld) {
  await objectsCanBeRead(this);
});

Then('it has an iterator to read on with', function (this: ProxyWorld) {
  hasIterators(this);
});

Then('Kinesis holds exactly what the client put', async function (this: ProxyWorld) {
  await holdsWhatWasPut(this);
});

Then('each text can be read out of what is stored', function (this: ProxyWorld) {
  const puts = putsOf(this.offered.attempts);
  for (const put of puts) {
    const { data } = put.intended;
    expectReadable(data, put.told.data);
    // A member that keeps the text must not hide another that does not.
    for (const part of partsWith(data, put, put.index))
      if (!isReadOutOf(asText(part))(data) && !isReadOutOf(`"${asText(part)}"`)(data))
        expect.fail(
          `expected ${JSON.stringify(data)} to be readable wherever it is stored, and in ${JSON.stringify(readable(put.told.data))} it is ${JSON.stringify(readable(part))}`,
        );
    if (spoils(put, puts))
      expect.fail(
        `expected what is stored of ${JSON.stringify(put.intended.data)} to be JSON, as that of other texts is, and it is ${readable(put.told.data)}`,
      );
  }
});

Then('each key can be read out of what is stored', async function (this: ProxyWorld) {
  await keysCanBeRead(this);
});

Then('Kinesis holds nothing new', async function (this: ProxyWorld) {
  await holdsNothingNew(this);
});

Then('Kinesis holds nothing twice', async function (this: ProxyWorld) {
  await holdsNothingTwice(this);
});

Then('each record is stored under exactly the key given, or refused', async function (this: ProxyWorld) {
  await storedAsGivenOrRefused(this);
});

Then('no shard of five would hold more than half of them', function (this: ProxyWorld) {
  isSpread(this);
});

Then('no stream on demand appears', async function (this: ProxyWorld) {
  for (const name of await this.streams.unexpectedStreams())
    expect(await this.worker.streams.mode(name), `the mode of ${name}`).to.equal('PROVISIONED');
});

Then('the stream becomes active', async function (this: ProxyWorld) {
  await becomeActive(this);
});

Then('the stream becomes active with {int} shards', async function (this: ProxyWorld, shards: number) {
  for (const { StreamName, Shards } of await becomeActive(this))
    expect(Shards, `the shards of ${StreamName}`).to.have.length(shards);
});

Then('what it tells of the stream is what Kinesis tells', async function (this: ProxyWorld) {
  await tellsWhatKinesisTells(this);
});

Then('it has read every record once, in the order of its shard', async function (this: ProxyWorld) {
  await hasReadEverything(this);
});

Then('every stream of the account is listed once', async function (this: ProxyWorld) {
  await listedEach(this);
});

function roleNames({ client, deployment }: ProxyWorld): string[] {
  return [client.api.roleName ?? '', deployment.proxy.roleName ?? ''].filter(Boolean);
}

function givesNothingAway({ answer }: Attempt, told: readonly string[]): void {
  if (told.length > 0) expect.fail(`expected no ${told.join(' and no ')}, and ${answer}`);
}

function eachAnswers({ offered }: ProxyWorld, isRight: (status: number) => boolean, wanted: string): void {
  for (const { answer } of offered.attempts)
    if (!isRight(answer.status)) expect.fail(`expected ${wanted}, and ${answer}`);
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

function numbered(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    data: `record ${index}`,
    partitionKey: `key ${index % 7}`,
  }));
}

/** Decodes a text of a table: `\\u0009` for what a cell cannot show, or would lose. */
function written(cell: string): string {
  return cell.replace(/\\u([0-9a-f]{4})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

Given("a stream of the scenario's own that the proxy serves", async function (this: ProxyWorld) {
  await takesOwnStream(this);
});

When('the client puts heavy batches until Kinesis takes one only in part', async function (this: ProxyWorld) {
  await putsHeavyBatches(this);
});

When('the client puts heavy records at once until Kinesis refuses one', async function (this: ProxyWorld) {
  await putsHeavyRecords(this);
});

When('an operator reads the roles of the methods', async function (this: ProxyWorld) {
  await this.configuration.readRoles();
});

Then('the status of that answer is another than that of a whole batch', function (this: ProxyWorld) {
  for (const [last] of attemptsOfEach(this))
    expect(last?.answer).to.not.have.status(last?.call.success ?? 200);
});

Then('that answer tells which records to send again', function (this: ProxyWorld) {
  for (const attempts of attemptsOfEach(this))
    if (!tellsWhichToSendAgain(this, attempts))
      expect.fail(`expected an answer that tells which records failed, and ${attempts[0]?.answer}`);
});

Then("what was refused was refused with 429 or as the server's fault", function (this: ProxyWorld) {
  for (const attempt of this.offered.attempts.filter((one) => !isAccepted(one)))
    if (attempt.answer.status !== 429 && attempt.answer.status < 500)
      expect.fail(`expected 429 or 5xx for what was throttled, and ${attempt.answer}`);
});

Then('Kinesis holds exactly what was accepted', async function (this: ProxyWorld) {
  this.offered.attempts = this.offered.attempts.filter(isAccepted);
  await holdsWhatWasPut(this);
});

Then('only {string} may assume them', function (this: ProxyWorld, service: string) {
  for (const [name, trust] of this.configuration.trusts) {
    const allowed = trust
      .filter(({ effect }) => effect === 'Allow')
      .flatMap(({ principals }) =>
        Object.entries(principals).flatMap(([kind, names]) => names.map((one) => `${kind} ${one}`)),
      );
    if (allowed.join() !== `Service ${service}`)
      expect.fail(`expected only ${service} to be able to assume ${name}, and these are: ${listed(allowed)}`);
  }
  this.configuration.assertTrustsRead();
});

Then('they allow no action that the API does not use', function (this: ProxyWorld) {
  const used = new Set(this.offered.interface.calls.map(({ action }) => action));
  // Of an API that was already deployed it is not known.
  const { mayHaveOwnKey = true } = this.deployment.definition;
  for (const [name, role] of this.configuration.roles) {
    const beyond = allowedBeyond(role, used, { services: role.services, mayHaveOwnKey });
    if (beyond.length > 0)
      expect.fail(`expected ${name} to allow ${listed([...used])} only, and it allows ${listed(beyond)}`);
  }
  this.configuration.assertPoliciesRead();
});

Then('they write only to the streams that the API serves', function (this: ProxyWorld) {
  const { streams: declared = [] } = this.deployment.definition;
  for (const [name, role] of this.configuration.roles) {
    const places = writesElsewhere(role, this.offered.interface, declared);
    if (places.length > 0)
      expect.fail(
        `expected ${name} to write only to the API's streams, and it may write to ${listed(places)}`,
      );
  }
  this.configuration.assertPoliciesRead();
});

function expectReadable(sent: string, stored: string): void {
  if (!isReadOutOf(asText(stored))(sent))
    expect.fail(
      `expected ${JSON.stringify(sent)} to be readable in what is stored, which is ${JSON.stringify(readable(stored))}`,
    );
}
