import { combine, type Mutant } from '../changes/change.ts';
import { inEveryTemplate, inTemplate, template } from '../changes/definition.ts';

const NAME = "$input.params('stream-name')";
const COUNT = "#if($input.path('$.ShardCount') == '') 5 #else $input.path('$.ShardCount') #end";
const ONLY_NAME = `{"StreamName": "${NAME}"`;

/** Mapping templates of the calls about streams: list, create, describe, delete. */
export const templatesOfStreams: readonly Mutant[] = [
  {
    name: 'list-limited',
    why: 'A fixed page of one.',
    clauses: ['LIST-3', 'GW-12'],
    change: template('list streams', '{"Limit": 1}'),
  },
  {
    name: 'list-limited-by-the-query',
    why: 'Paging was added for clients.',
    clauses: ['LIST-3'],
    change: template(
      'list streams',
      `{#if($input.params('Limit') != '')"Limit": $input.params('Limit')#end}`,
    ),
  },
  {
    name: 'list-started-by-the-query',
    why: 'A starting point was added for clients.',
    clauses: ['LIST-3'],
    change: template(
      'list streams',
      `{#if($input.params('ExclusiveStartStreamName') != '')"ExclusiveStartStreamName": "$input.params('ExclusiveStartStreamName')"#end}`,
    ),
  },
  {
    name: 'list-passes-the-body',
    why: 'The template is the client’s own body.',
    clauses: ['LIST-3'],
    change: template('list streams', "$input.json('$')"),
  },
  {
    name: 'four-by-default',
    why: 'A typing error in the number that matters.',
    clauses: ['CREATE-1', 'CREATE-2', 'CREATE-6', 'GW-6'],
    change: inTemplate('create a stream', ' 5 ', ' 4 '),
  },
  {
    name: 'one-by-default',
    why: 'Someone wanted to save money.',
    clauses: ['CREATE-1', 'CREATE-2', 'CREATE-6', 'GW-6'],
    change: inTemplate('create a stream', ' 5 ', ' 1 '),
  },
  {
    name: 'no-default',
    why: 'The condition was left out, so a creation without a count fails.',
    clauses: ['CREATE-1', 'CREATE-2', 'GW-6'],
    change: inTemplate('create a stream', COUNT, "$input.path('$.ShardCount')"),
  },
  {
    name: 'default-only-where-missing',
    why: 'The condition asks whether the member is there, not whether it says something.',
    clauses: ['CREATE-2'],
    change: inTemplate(
      'create a stream',
      "$input.path('$.ShardCount') == ''",
      "!$input.path('$').containsKey('ShardCount')",
    ),
  },
  {
    name: 'always-five',
    why: 'The count of the client is ignored.',
    clauses: ['CREATE-3', 'CREATE-7', 'CREATE-7a'],
    change: inTemplate('create a stream', COUNT, '5'),
  },
  {
    name: 'always-one',
    why: 'The count is fixed by a policy of the account.',
    clauses: ['CREATE-1', 'CREATE-3'],
    change: inTemplate('create a stream', COUNT, '1'),
  },
  {
    name: 'no-less-than-one',
    why: 'The template corrects a count that Kinesis would refuse.',
    clauses: ['CREATE-7'],
    change: inTemplate(
      'create a stream',
      COUNT,
      "#if($input.path('$.ShardCount') == '') 5 #elseif($input.path('$.ShardCount') == 0 || $input.path('$.ShardCount') == -1) 1 #else $input.path('$.ShardCount') #end",
    ),
  },
  {
    name: 'count-keeps-its-quotes',
    why: 'json() instead of path(): a count of text is not a number any more.',
    clauses: ['CREATE-3'],
    change: inTemplate(
      'create a stream',
      "#else $input.path('$.ShardCount')",
      "#else $input.json('$.ShardCount')",
    ),
  },
  {
    name: 'count-names-another-stream',
    why: 'The name comes first, so that one which rides along with the count is the last and counts.',
    clauses: ['INJ-2'],
    change: template('create a stream', `${ONLY_NAME}, "ShardCount": ${COUNT}}`),
  },
  {
    name: 'count-without-its-text',
    why: 'Whatever is not a digit is taken out of the count, so nothing can ride along, and nothing is refused.',
    clauses: ['CREATE-7'],
    change: inTemplate(
      'create a stream',
      "#else $input.path('$.ShardCount')",
      "#set($count = $input.json('$.ShardCount').replaceAll('[^0-9].*', '').replaceAll('[^0-9]', ''))#else $!count",
    ),
  },
  {
    name: 'on-demand',
    why: 'The stream is made on-demand, at another price.',
    clauses: ['CREATE-5', 'GW-12'],
    change: inTemplate(
      'create a stream',
      '"StreamName"',
      '"StreamModeDetails": {"StreamMode": "ON_DEMAND"}, "StreamName"',
    ),
  },
  {
    name: 'create-named-by-the-query',
    why: 'A parameter of the query string wins over the path.',
    clauses: ['CREATE-10'],
    change: inTemplate('create a stream', NAME, fallback("$input.params('StreamName')")),
  },
  {
    name: 'create-named-by-the-body',
    why: 'The body’s StreamName wins over the path.',
    clauses: ['CREATE-10'],
    change: inTemplate('create a stream', NAME, fallback("$input.path('$.StreamName')")),
  },
  {
    name: 'names-lower-cased',
    why: 'Names were to be made uniform.',
    clauses: ['CREATE-5', 'CREATE-9', 'DESC-2', 'DEL-2', 'PUT-2', 'PUTS-2', 'ITER-2', 'JOURNEY-1'],
    change: inEveryTemplate(NAME, `${NAME}.toLowerCase()`),
  },
  {
    name: 'names-prefixed',
    why: 'A prefix for the environment was added at creation only.',
    clauses: ['CREATE-5', 'CREATE-10', 'JOURNEY-1', 'GW-12'],
    change: inTemplate('create a stream', NAME, `dev-${NAME}`),
  },
  {
    name: 'names-cut',
    why: 'Names are cut to what a form allowed.',
    clauses: ['CREATE-9'],
    change: inTemplate(
      'create a stream',
      NAME,
      `#set($n = ${NAME})#if($n.length() > 100)$n.substring(0, 100)#else$n#end`,
    ),
  },
  {
    name: 'names-cleaned',
    why: 'What Kinesis would refuse in a name is taken out, so that a client gets a stream of another name.',
    clauses: ['CREATE-9', 'INJ-1', 'GW-8'],
    change: inTemplate('create a stream', NAME, `${NAME}.replaceAll('[^a-zA-Z0-9_.-]', '')`),
  },
  {
    name: 'names-cleaned-everywhere',
    why: 'A name that is none describes the stream whose name is left of it.',
    clauses: ['CREATE-9', 'INJ-1'],
    change: inEveryTemplate(NAME, `${NAME}.replaceAll('[^a-zA-Z0-9_.-]', '')`),
  },
  {
    name: 'describe-named-by-the-query',
    why: 'A parameter of the query string wins over the path.',
    clauses: ['DESC-2'],
    change: inTemplate('describe a stream', NAME, fallback("$input.params('StreamName')")),
  },
  {
    name: 'describe-named-by-the-body',
    why: 'A body, which a GET may have, wins over the path.',
    clauses: ['DESC-2'],
    change: inTemplate('describe a stream', NAME, fallback("$input.path('$.StreamName')")),
  },
  {
    name: 'describe-one-shard',
    why: 'A Limit for shorter answers.',
    clauses: ['DESC-2', 'DESC-3', 'DESC-6', 'GW-12'],
    change: template('describe a stream', `${ONLY_NAME}, "Limit": 1}`),
  },
  {
    name: 'describe-without-the-first-shard',
    why: 'A starting point that leaves out the shard it names.',
    clauses: ['DESC-2', 'DESC-3', 'GW-12'],
    change: template('describe a stream', `${ONLY_NAME}, "ExclusiveStartShardId": "shardId-000000000000"}`),
  },
  {
    name: 'delete-named-by-the-query',
    why: 'A parameter of the query string deletes another stream.',
    clauses: ['DEL-2'],
    change: inTemplate('delete a stream', NAME, fallback("$input.params('StreamName')")),
  },
  {
    name: 'delete-named-by-the-body',
    why: 'The body deletes another stream.',
    clauses: ['DEL-2'],
    change: inTemplate('delete a stream', NAME, fallback("$input.path('$.StreamName')")),
  },
  {
    name: 'delete-enforced',
    why: 'Consumers are thrown out with the stream.',
    clauses: ['GW-12'],
    change: template('delete a stream', `${ONLY_NAME}, "EnforceConsumerDeletion": true}`),
  },
  {
    name: 'trailing-comma',
    why: 'A comma too many in a template makes every call fail.',
    clauses: ['DESC-1', 'DESC-2', 'DEL-1', 'DEL-2'],
    change: combine(
      template('describe a stream', `${ONLY_NAME},}`),
      template('delete a stream', `${ONLY_NAME},}`),
    ),
  },
  {
    name: 'name-without-quotes',
    why: 'The quotes around the name were forgotten.',
    clauses: ['DESC-1', 'DESC-2', 'DESC-5'],
    change: template('describe a stream', `{"StreamName": ${NAME}}`),
  },
];

/** A template text that prefers what a client says elsewhere. */
function fallback(elsewhere: string): string {
  return `#if(${elsewhere} != '')${elsewhere}#else${NAME}#end`;
}
