import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CreateStreamCommand, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import fc from 'fast-check';
import { prefixOf } from '../provision/tags.ts';
import { ATTACKS, type Place, placesOf } from './testing/attacks.ts';
import { HardenedApi, RUN_ID } from './testing/hardened-api.ts';

let api: HardenedApi;
let stream: string;
const at = (below: string) => `/streams/${stream}${below}`;
before(async () => {
  api = await HardenedApi.start();
  stream = api.name('values');
  await api.clients.kinesis.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 1 }));
  await api.clients.kinesis.send(new CreateStreamCommand({ StreamName: api.name('other'), ShardCount: 1 }));
});
after(() => api.stop());

/** An HTTP header allows only some characters, and loses blanks at its ends. */
const fitsHeader = (value: string) => /^[\u0021-\u007e]([\u0020-\u007e]*[\u0021-\u007e])?$/.test(value);

/**
 * Sends a value; any resulting request to Kinesis has the members of an ordinary call, with the value in its place.
 */
async function probe(place: Place, value: string, target = api): Promise<'sent' | 'refused'> {
  const [method, path, options] = place.send(value);
  const before = target.sent.length;
  const { status, text } = await target.call(method, path, options);
  const [sent, ...more] = target.sent.slice(before);
  const shown = `${place.name} ${JSON.stringify(value)}: ${status} ${text} ${sent?.body}`;
  assert.deepEqual(more, [], shown);
  if (sent === undefined) {
    assert.ok(status >= 400 && status < 500, shown);
    return 'refused';
  }
  // JSON.parse keeps the last of two members with the same name, so the length of the text is compared too.
  const parsed = JSON.parse(sent.body) as Record<string, unknown>;
  assert.equal(membersIn(sent.body), membersIn(JSON.stringify(parsed)), shown);
  const request = place.inRecord ? (parsed.Records as Record<string, unknown>[])[0] : parsed;
  const { [place.member]: arrived, ...others } = request ?? {};
  assert.deepEqual(Object.keys(others).sort(), place.others, shown);
  // An empty optional value counts as absent.
  if (value === '' && place.name !== 'data') return 'sent';
  if (typeof arrived === 'number') assert.ok(place.isNumber && Number(value) === arrived, shown);
  else assert.equal(arrived, value, shown);
  return 'sent';
}

/** Counts the members in a JSON text, including repeated ones. */
function membersIn(text: string): number {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, '""').split(':').length;
}

const PLACES = placesOf(`${prefixOf(RUN_ID)}values`);
for (const place of PLACES)
  test(`no value changes the request to Kinesis: ${place.name}`, async () => {
    let sent = 0;
    for (const value of ATTACKS) {
      if (place.name.includes('header') && !fitsHeader(value)) continue;
      if ((await probe(place, value)) === 'sent') sent += 1;
    }
    // If the validators refuse them all, the template is attacked without validators below.
    if (!['Data', 'ShardCount'].includes(place.member)) assert.ok(sent > 10, `${sent} were sent`);
    const { StreamNames } = await api.clients.kinesis.send(new ListStreamsCommand({}));
    assert.deepEqual(StreamNames, [api.name('other'), stream]);
  });

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.array(fc.constantFrom(...ATTACKS), { maxLength: 4 }).map((parts) => parts.join('')),
);

test('no combination of values changes the request to Kinesis', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PLACES), anyText, async (place, value) => {
      if (place.name.includes('header') && !fitsHeader(value)) return;
      // An empty path segment is another path.
      if (value === '' && place.member === 'StreamName') return;
      // A name that is sent unchanged would be created or deleted.
      if (place.member === 'StreamName' && value.startsWith(api.deployment.prefix)) return;
      await probe(place, value);
    }),
    { numRuns: 300, seed: 20261126 },
  );
});

test('no template relies on a validator', async () => {
  const bare = await HardenedApi.start({}, (document) =>
    document.replaceAll(/"(validateRequest\w+)":true/g, '"$1":false'),
  );
  try {
    for (const place of PLACES.filter(({ send }) => send('')[2]?.body !== undefined)) {
      for (const value of ATTACKS)
        assert.equal(await probe(place, value, bare), 'sent', `${place.name} ${JSON.stringify(value)}`);
      // Values of other types stay in the same place, whatever Kinesis does with them.
      for (const value of [1, true, null, ['","a":"b'], { '","a":"b': '"' }, [{ '"': [null, '\\'] }]]) {
        if (place.member === 'StreamName') continue;
        const before = bare.sent.length;
        const [method, path, options] = place.send(value as unknown as string);
        await bare.call(method, path, options);
        const { body = '{}' } = bare.sent[before] ?? {};
        const request = JSON.parse(body);
        const { [place.member]: arrived, ...others } = place.inRecord ? request.Records[0] : request;
        assert.deepEqual(Object.keys(others).sort(), place.others, body);
        assert.match(typeof arrived, /string|number/, body);
      }
    }
  } finally {
    await bare.stop();
  }
});

test('lone surrogates stay unchanged', async () => {
  for (const value of ['\ud800', 'a\udc00b', '\udc00\ud800']) {
    // As JSON escapes, since UTF-8 cannot encode them.
    const body = `{"data":"","partitionKey":${JSON.stringify(value)}}`;
    const before = api.sent.length;
    await api.call('PUT', at('/record'), { body });
    const sent = JSON.parse(api.sent[before]?.body ?? '');
    assert.deepEqual(Object.keys(sent), ['StreamName', 'Data', 'PartitionKey']);
    assert.equal(sent.PartitionKey, value);
  }
});

test('a repeated member, or one named like a JavaScript property, changes nothing', async () => {
  const before = api.sent.length;
  for (const body of [
    '{"data":"","partitionKey":{"a":"\\",\\"StreamName\\":\\"x"},"partitionKey":"k"}',
    '{"data":"","partitionKey":"k","__proto__":{"StreamName":"x"}}',
    '{"data":"","partitionKey":"k","partitionKey":{"a":"\\",\\"StreamName\\":\\"x"}}',
    '{"data":"","partitionKey":"k"}{"StreamName":"x"}',
    '\ufeff{"data":"","partitionKey":"k"}',
  ])
    await api.call('PUT', at('/record'), { body });
  for (const { body } of api.sent.slice(before))
    assert.deepEqual(JSON.parse(body), { StreamName: stream, Data: '', PartitionKey: 'k' });
});

test('a query parameter or header with the name of another value is not used for it', async () => {
  const before = api.sent.length;
  await api.call('GET', at('/records'), {
    headers: { 'Shard-Iterator': 'mine', limit: '2' },
    query: { 'Shard-Iterator': 'theirs', 'stream-name': 'other' },
  });
  await api.call('GET', at(''), { query: { 'stream-name': 'other' }, headers: { 'stream-name': 'other' } });
  const [records, description] = api.sent.slice(before).map(({ body }) => JSON.parse(body));
  assert.deepEqual(records, { ShardIterator: 'mine' });
  assert.deepEqual(description, { StreamName: stream });
});
