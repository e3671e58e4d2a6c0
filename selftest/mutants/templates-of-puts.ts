import type { Mutant } from '../changes/change.ts';
import { inTemplate, template } from '../changes/definition.ts';

const NAME = "$input.params('stream-name')";
const DATA = "$util.base64Encode($input.json('$.Data'))";
const KEY = "$input.path('$.PartitionKey')";
const KEY_LINE = `"PartitionKey": "${KEY}"`;
const ITEM_DATA = '$util.base64Encode($elem.data)';
const ITEM_KEY = '$elem.partition-key';
const LOOP = "#foreach($elem in $input.path('$.records'))";
const COMMA = '#if($foreach.hasNext),#end';

/** Mapping templates of PutRecord and PutRecords. */
export const templatesOfPuts: readonly Mutant[] = [
  one('base64-missing', 'The data is not encoded.', DATA, "$input.path('$.Data')", [
    'PUT-1',
    'PUT-3',
    'PUT-6',
    'INJ-3',
  ]),
  one('base64-doubled', 'The data is encoded twice.', DATA, `$util.base64Encode(${DATA})`, [
    'PUT-2',
    'PUT-3',
    'PUT-5',
    'PUT-6',
    'PUT-9',
    'GW-4',
    'INJ-3',
    'GW-12',
  ]),
  one(
    'base64-of-the-body',
    'The whole body is stored instead of Data.',
    DATA,
    '$util.base64Encode($input.body)',
    ['PUT-2', 'PUT-3', 'GW-12'],
  ),
  one(
    'base64-of-the-key',
    'The partition key is stored instead of Data.',
    DATA,
    `$util.base64Encode(${KEY})`,
    ['PUT-2', 'PUT-3', 'GW-12'],
  ),
  one(
    'quotes-lost',
    'path() instead of json(): a string loses its quotes.',
    DATA,
    "$util.base64Encode($input.path('$.Data'))",
    ['PUT-2', 'PUT-3', 'PUT-6', 'GW-12'],
  ),
  one(
    'quotes-added',
    'The template puts quotes around all data, so everything becomes a string.',
    DATA,
    `#set($q = '"')#set($all = "$q$input.path('$.Data')$q")$util.base64Encode($all)`,
    ['PUT-3', 'PUT-6'],
  ),
  one(
    'data-escaped',
    'The template applies escapeJavaScript to the data, which changes it.',
    DATA,
    "$util.base64Encode($util.escapeJavaScript($input.json('$.Data')))",
    ['PUT-3', 'PUT-6', 'GW-12'],
  ),
  one(
    'data-lower-cased',
    'Data is converted to lower case.',
    DATA,
    "$util.base64Encode($input.json('$.Data').toLowerCase())",
    ['PUT-3', 'PUT-6'],
  ),
  one(
    'data-in-ascii',
    'Characters outside of ASCII become question marks.',
    DATA,
    "$util.base64Encode($input.json('$.Data').replaceAll('[^\\x00-\\x7F]', '?'))",
    ['PUT-6'],
  ),
  one(
    'data-made-safe-for-html',
    'Data is escaped for HTML.',
    DATA,
    "$util.base64Encode($input.json('$.Data').replace('&', '&amp;').replace('<', '&lt;'))",
    ['PUT-6'],
  ),
  one(
    'data-without-backslashes',
    'Backslashes are removed from data.',
    DATA,
    "$util.base64Encode($input.json('$.Data').replaceAll('\\\\\\\\', ''))",
    ['PUT-6'],
  ),
  one(
    'data-without-dollars',
    'Dollar signs are removed from data, as a protection against templates.',
    DATA,
    "$util.base64Encode($input.json('$.Data').replaceAll('[$]', ''))",
    ['INJ-3'],
  ),
  one(
    'data-without-hashes',
    'Hash signs are removed from data, as a protection against templates.',
    DATA,
    "$util.base64Encode($input.json('$.Data').replaceAll('[#]', ''))",
    ['INJ-3'],
  ),
  one(
    'data-cut',
    'Data is cut to 1,000 characters.',
    DATA,
    "#set($d = $input.json('$.Data'))#if($d.length() > 1000)$util.base64Encode($d.substring(0, 1000))#else$util.base64Encode($d)#end",
    ['PUT-8'],
  ),
  one('key-constant', 'Every record has one partition key.', KEY, 'some key', ['PUT-2', 'PUT-4', 'PUT-7']),
  one(
    'spaces-collapsed',
    'Several spaces in data become one.',
    DATA,
    "$util.base64Encode($input.json('$.Data').replaceAll(' +', ' '))",
    ['PUT-6'],
  ),
  one(
    'data-url-decoded',
    'Data is URL-decoded, like a form.',
    DATA,
    "$util.base64Encode($util.urlDecode($input.json('$.Data')))",
    ['PUT-6'],
  ),
  one('key-url-encoded', 'The partition key is URL-encoded.', KEY, `$util.urlEncode(${KEY})`, [
    'PUT-2',
    'PUT-4',
  ]),
  one(
    'key-in-ascii',
    'Characters outside of ASCII are removed from the partition key.',
    KEY,
    `${KEY}.replaceAll('[^\\x00-\\x7F]', '')`,
    ['PUT-2'],
  ),
  one('key-lower-cased', 'Partition keys are converted to lower case.', KEY, `${KEY}.toLowerCase()`, [
    'PUT-2',
  ]),
  one(
    'key-random',
    'Partition keys are random, so records of one key lose their order.',
    KEY,
    '$context.requestId',
    ['PUT-2', 'PUT-4', 'PUT-7'],
  ),
  one(
    'key-defaulted',
    'A missing partition key is replaced by a default.',
    KEY,
    `#if(${KEY} == '')none#else${KEY}#end`,
    ['PUT-7', 'GW-6'],
  ),
  one(
    'key-cut',
    'A long partition key is cut.',
    KEY,
    `#set($k = ${KEY})#if($k.length() > 200)$k.substring(0, 200)#else$k#end`,
    ['PUT-7'],
  ),
  one(
    'key-escaped',
    'The partition key is escaped for JavaScript instead of JSON, so an apostrophe gets a backslash.',
    KEY,
    `$util.escapeJavaScript(${KEY})`,
    ['PUT-2'],
  ),
  one(
    'first-shard-only',
    'An explicit hash key sends all records to the first shard.',
    KEY_LINE,
    `${KEY_LINE}, "ExplicitHashKey": "0"`,
    ['PUT-4', 'PUT-9', 'GW-12'],
  ),
  one(
    'hash-key-of-the-client',
    'The client can choose the shard by an explicit hash key.',
    KEY_LINE,
    `${KEY_LINE}#if($input.path('$.ExplicitHashKey') != ''), "ExplicitHashKey": "$input.path('$.ExplicitHashKey')"#end`,
    ['PUT-9'],
  ),
  one(
    'order-of-the-client',
    'The client can set SequenceNumberForOrdering.',
    KEY_LINE,
    `${KEY_LINE}#if($input.path('$.SequenceNumberForOrdering') != ''), "SequenceNumberForOrdering": "$input.path('$.SequenceNumberForOrdering')"#end`,
    ['PUT-9'],
  ),
  one(
    'named-by-the-query',
    'The query string chooses the stream.',
    NAME,
    otherwise("$input.params('StreamName')"),
    ['PUT-9'],
  ),
  one('named-by-the-body', 'The body chooses the stream.', NAME, otherwise("$input.path('$.StreamName')"), [
    'PUT-9',
  ]),

  many('base64-missing', 'The data is not encoded.', ITEM_DATA, '$elem.data', [
    'PUTS-1',
    'PUTS-2',
    'PUTS-4',
    'PUTS-7',
    'INJ-3',
  ]),
  many('base64-doubled', 'The data is encoded twice.', ITEM_DATA, `$util.base64Encode(${ITEM_DATA})`, [
    'PUTS-2',
    'PUTS-3',
    'PUTS-4',
    'PUTS-7',
    'INJ-3',
    'GW-12',
  ]),
  many(
    'base64-decoded',
    'The template expects data that is base64 already.',
    ITEM_DATA,
    '$elem.data.replaceAll(" ", "")',
    ['PUTS-2', 'PUTS-7', 'GW-12'],
  ),
  many(
    'quotes-added',
    'Each text gets quotes, as in a single record.',
    ITEM_DATA,
    `#set($q = '"')#set($all = "$q$elem.data$q")$util.base64Encode($all)`,
    ['PUTS-2', 'PUTS-3', 'PUTS-4', 'PUTS-7', 'INJ-3', 'GW-12'],
  ),
  many(
    'data-escaped',
    'The template applies escapeJavaScript to the data, which changes it.',
    ITEM_DATA,
    '$util.base64Encode($util.escapeJavaScript($elem.data))',
    ['PUTS-7'],
  ),
  many(
    'fields-of-the-single-record',
    'The template reads the field names of a single record.',
    ITEM_DATA,
    '$util.base64Encode($elem.Data)',
    ['PUTS-2', 'GW-12'],
  ),
  many('comma-dropped', 'There is no comma between the records.', COMMA, '', [
    'PUTS-1',
    'PUTS-2',
    'PUTS-4',
    'GW-12',
  ]),
  many('comma-always', 'There is a comma after the last record.', COMMA, ',', [
    'PUTS-1',
    'PUTS-2',
    'PUTS-4',
    'GW-12',
  ]),
  many(
    'first-record-lost',
    'The loop starts at the second record.',
    LOOP,
    "#foreach($elem in $input.path('$.records[1:]'))",
    ['PUTS-1', 'PUTS-2', 'PUTS-4', 'GW-12'],
  ),
  {
    name: 'put-many-last-record-lost',
    why: 'The loop ends before the last record.',
    clauses: ['PUTS-1', 'PUTS-2', 'PUTS-4', 'GW-12'],
    change: template('put records', loop('#if($foreach.hasNext)', '#end', '')),
  },
  {
    name: 'put-many-only-the-first',
    why: 'The template has no loop, so it sends the first record only.',
    clauses: ['PUTS-1', 'PUTS-2', 'PUTS-4', 'GW-12'],
    change: template('put records', loop('#if($foreach.index == 0)', '#end', '')),
  },
  {
    name: 'put-many-hundred-at-most',
    why: 'The template sends 100 records at most, a limit that Kinesis does not have.',
    clauses: ['PUTS-4', 'PUTS-6'],
    change: template(
      'put records',
      loop('#if($foreach.index < 100)', '#end', '#if($foreach.hasNext && $foreach.index < 99),#end'),
    ),
  },
  {
    name: 'put-many-cut-to-five-hundred',
    why: 'The template sends 500 records at most, so the others are lost without an error.',
    clauses: ['PUTS-5'],
    change: template(
      'put records',
      loop('#if($foreach.index < 500)', '#end', '#if($foreach.hasNext && $foreach.index < 499),#end'),
    ),
  },
  {
    name: 'put-many-nothing-is-something',
    why: 'The template adds a record to an empty batch.',
    clauses: ['PUTS-5', 'GW-6'],
    change: inTemplate(
      'put records',
      LOOP,
      `#if(!$input.path('$.records') || $input.path('$.records').isEmpty()){"Data": "", "PartitionKey": "none"}#end${LOOP}`,
    ),
  },
  {
    name: 'put-many-each-twice',
    why: 'Each record is sent twice.',
    clauses: ['PUTS-1', 'PUTS-2', 'PUTS-3', 'PUTS-4', 'GW-12'],
    change: template('put records', loop(`${RECORD()},`, '', COMMA)),
  },
  many('key-constant', 'All records have one partition key.', ITEM_KEY, 'some key', [
    'PUTS-1',
    'PUTS-2',
    'PUTS-4',
    'PUTS-8',
  ]),
  many(
    'spaces-collapsed',
    'Several spaces in data become one.',
    ITEM_DATA,
    "$util.base64Encode($elem.data.replaceAll(' +', ' '))",
    ['PUTS-7'],
  ),
  many(
    'data-url-decoded',
    'Data is URL-decoded, like a form.',
    ITEM_DATA,
    '$util.base64Encode($util.urlDecode($elem.data))',
    ['PUTS-7'],
  ),
  many(
    'key-lower-cased',
    'Partition keys are converted to lower case.',
    ITEM_KEY,
    "$elem.get('partition-key').toLowerCase()",
    ['PUTS-2'],
  ),
  many(
    'key-escaped',
    'Partition keys are escaped for JavaScript instead of JSON, so an apostrophe gets a backslash.',
    ITEM_KEY,
    "$util.escapeJavaScript($elem.get('partition-key'))",
    ['PUTS-2'],
  ),
  many(
    'data-html-escaped',
    'Data is escaped for HTML.',
    ITEM_DATA,
    "$util.base64Encode($elem.data.replaceAll('&', '&amp;').replaceAll('<', '&lt;'))",
    ['PUTS-2'],
  ),
  many(
    'key-url-encoded',
    'The partition key is URL-encoded.',
    ITEM_KEY,
    "$util.urlEncode($elem.get('partition-key'))",
    ['PUTS-2', 'PUTS-1'],
  ),
  many(
    'key-of-the-first',
    'All records have the partition key of the first.',
    ITEM_KEY,
    "$input.path('$.records[0].partition-key')",
    ['PUTS-1', 'PUTS-2', 'PUTS-4'],
  ),
  many(
    'key-random',
    'Partition keys are random, so records of one key lose their order.',
    ITEM_KEY,
    '$context.requestId-$foreach.index',
    ['PUTS-1', 'PUTS-2', 'PUTS-3', 'PUTS-8'],
  ),
  many(
    'key-defaulted',
    'A missing partition key is replaced by a default.',
    ITEM_KEY,
    `#if("$!{elem.partition-key}" == '')none#else${ITEM_KEY}#end`,
    ['PUTS-8'],
  ),
  many(
    'key-of-the-single-record',
    'PartitionKey is used where partition-key is missing.',
    ITEM_KEY,
    '#if("$!elem.PartitionKey" != \'\')$elem.PartitionKey#else$elem.partition-key#end',
    ['PUTS-8'],
  ),
  many(
    'first-shard-only',
    'An explicit hash key sends every record to the first shard.',
    `"PartitionKey": "${ITEM_KEY}"`,
    `"PartitionKey": "${ITEM_KEY}", "ExplicitHashKey": "0"`,
    ['PUTS-1', 'GW-12'],
  ),
  many(
    'named-by-the-query',
    'The query string chooses the stream.',
    NAME,
    otherwise("$input.params('StreamName')"),
    ['PUTS-2'],
  ),
  many('named-by-the-body', 'The body chooses the stream.', NAME, otherwise("$input.path('$.StreamName')"), [
    'PUTS-2',
  ]),
];

function one(
  name: string,
  why: string,
  part: string,
  replacement: string,
  clauses: readonly string[],
): Mutant {
  return { name: `put-one-${name}`, why, clauses, change: inTemplate('put a record', part, replacement) };
}

function many(
  name: string,
  why: string,
  part: string,
  replacement: string,
  clauses: readonly string[],
): Mutant {
  return { name: `put-many-${name}`, why, clauses, change: inTemplate('put records', part, replacement) };
}

function otherwise(elsewhere: string): string {
  return `#if(${elsewhere} != '')${elsewhere}#else${NAME}#end`;
}

function RECORD(): string {
  return `{"Data": "${ITEM_DATA}", "PartitionKey": "${ITEM_KEY}"}`;
}

/** The template of PutRecords, with text added around each record. */
function loop(before: string, after: string, comma: string): string {
  return `{"StreamName": "${NAME}", "Records": [${LOOP}${before}${RECORD()}${comma}${after}#end]}`;
}
