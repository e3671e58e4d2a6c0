import { combine, type Mutant } from '../changes/change.ts';
import { inEveryTemplate, inTemplate, template } from '../changes/definition.ts';

const NAME = "$input.params('stream-name')";
const COUNT = "#if($input.path('$.ShardCount') == '') 5 #else $input.path('$.ShardCount') #end";
const ONLY_NAME = `{"StreamName": "${NAME}"`;

/** Mapping templates of the calls about streams: list, create, describe, delete. */
export const templatesOfStreams: readonly Mutant[] = [
  {
    name: 'list-limited',
    why: 'The template limits the list to one name.',
    clauses: ['LIST-3', 'GW-12'],
    change: template('list streams', '{"Limit": 1}'),
  },
  {
    name: 'list-limited-by-the-query',
    why: 'A query parameter limits the list.',
    clauses: ['LIST-3'],
    change: template(
      'list streams',
      `{#if($input.params('Limit') != '')"Limit": $input.params('Limit')#end}`,
    ),
  },
  {
    name: 'list-started-by-the-query',
    why: 'A query parameter sets where the list starts.',
    clauses: ['LIST-3'],
    change: template(
      'list streams',
      `{#if($input.params('ExclusiveStartStreamName') != '')"ExclusiveStartStreamName": "$input.params('ExclusiveStartStreamName')"#end}`,
    ),
  },
  {
    name: 'list-passes-the-body',
    why: 'The template passes the client’s body on.',
    clauses: ['LIST-3'],
    change: template('list streams', "$input.json('$')"),
  },
  {
    name: 'four-by-default',
    why: 'The default is 4 shards instead of 5.',
    clauses: ['CREATE-1', 'CREATE-2', 'CREATE-6', 'GW-6'],
    change: inTemplate('create a stream', ' 5 ', ' 4 '),
  },
  {
    name: 'one-by-default',
    why: 'The default is one shard instead of 5.',
    clauses: ['CREATE-1', 'CREATE-2', 'CREATE-6', 'GW-6'],
    change: inTemplate('create a stream', ' 5 ', ' 1 '),
  },
  {
    name: 'no-default',
    why: 'The template has no default, so a creation without a count fails.',
    clauses: ['CREATE-1', 'CREATE-2', 'GW-6'],
    change: inTemplate('create a stream', COUNT, "$input.path('$.ShardCount')"),
  },
  {
    name: 'default-only-where-missing',
    why: 'The default applies only if ShardCount is missing, not if it is empty.',
    clauses: ['CREATE-2'],
    change: inTemplate(
      'create a stream',
      "$input.path('$.ShardCount') == ''",
      "!$input.path('$').containsKey('ShardCount')",
    ),
  },
  {
    name: 'always-five',
    why: 'The template ignores the client’s count.',
    clauses: ['CREATE-3', 'CREATE-7', 'CREATE-7a'],
    change: inTemplate('create a stream', COUNT, '5'),
  },
  {
    name: 'always-one',
    why: 'The template always asks for one shard.',
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
    why: 'The template uses $input.json() instead of $input.path(), so a count given as text stays text.',
    clauses: ['CREATE-3'],
    change: inTemplate(
      'create a stream',
      "#else $input.path('$.ShardCount')",
      "#else $input.json('$.ShardCount')",
    ),
  },
  {
    name: 'count-names-another-stream',
    why: 'The template writes StreamName before the count, so a StreamName inside the count overrides it.',
    clauses: ['INJ-2'],
    change: template('create a stream', `${ONLY_NAME}, "ShardCount": ${COUNT}}`),
  },
  {
    name: 'count-without-its-text',
    why: 'The template keeps only the leading digits of the count, so an invalid count is not refused.',
    clauses: ['CREATE-7'],
    change: inTemplate(
      'create a stream',
      "#else $input.path('$.ShardCount')",
      "#set($count = $input.json('$.ShardCount').replaceAll('[^0-9].*', '').replaceAll('[^0-9]', ''))#else $!count",
    ),
  },
  {
    name: 'on-demand',
    why: 'The stream is created on-demand, which costs a different price.',
    clauses: ['CREATE-5', 'GW-12'],
    change: inTemplate(
      'create a stream',
      '"StreamName"',
      '"StreamModeDetails": {"StreamMode": "ON_DEMAND"}, "StreamName"',
    ),
  },
  {
    name: 'create-named-by-the-query',
    why: 'A query parameter overrides the stream name of the path.',
    clauses: ['CREATE-10'],
    change: inTemplate('create a stream', NAME, fallback("$input.params('StreamName')")),
  },
  {
    name: 'create-named-by-the-body',
    why: 'StreamName in the body overrides the path.',
    clauses: ['CREATE-10'],
    change: inTemplate('create a stream', NAME, fallback("$input.path('$.StreamName')")),
  },
  {
    name: 'names-lower-cased',
    why: 'Stream names are converted to lower case.',
    clauses: ['CREATE-5', 'CREATE-9', 'DESC-2', 'DEL-2', 'PUT-2', 'PUTS-2', 'ITER-2', 'JOURNEY-1'],
    change: inEveryTemplate(NAME, `${NAME}.toLowerCase()`),
  },
  {
    name: 'names-prefixed',
    why: 'A prefix is added to the name, but only at creation.',
    clauses: ['CREATE-5', 'CREATE-10', 'JOURNEY-1', 'GW-12'],
    change: inTemplate('create a stream', NAME, `dev-${NAME}`),
  },
  {
    name: 'names-cut',
    why: 'Stream names are cut to 100 characters.',
    clauses: ['CREATE-9'],
    change: inTemplate(
      'create a stream',
      NAME,
      `#set($n = ${NAME})#if($n.length() > 100)$n.substring(0, 100)#else$n#end`,
    ),
  },
  {
    name: 'names-cleaned',
    why: 'Characters that Kinesis refuses are removed from the name, so the client gets a stream of another name.',
    clauses: ['CREATE-9', 'INJ-1', 'GW-8'],
    change: inTemplate('create a stream', NAME, `${NAME}.replaceAll('[^a-zA-Z0-9_.-]', '')`),
  },
  {
    name: 'names-cleaned-everywhere',
    why: 'Characters that Kinesis refuses are removed from names, so an invalid name describes another stream.',
    clauses: ['CREATE-9', 'INJ-1'],
    change: inEveryTemplate(NAME, `${NAME}.replaceAll('[^a-zA-Z0-9_.-]', '')`),
  },
  {
    name: 'describe-named-by-the-query',
    why: 'A query parameter overrides the stream name of the path.',
    clauses: ['DESC-2'],
    change: inTemplate('describe a stream', NAME, fallback("$input.params('StreamName')")),
  },
  {
    name: 'describe-named-by-the-body',
    why: 'StreamName in the body, which a GET may have, overrides the path.',
    clauses: ['DESC-2'],
    change: inTemplate('describe a stream', NAME, fallback("$input.path('$.StreamName')")),
  },
  {
    name: 'describe-one-shard',
    why: 'The template limits the description to one shard.',
    clauses: ['DESC-2', 'DESC-3', 'DESC-6', 'GW-12'],
    change: template('describe a stream', `${ONLY_NAME}, "Limit": 1}`),
  },
  {
    name: 'describe-without-the-first-shard',
    why: 'The description starts after the first shard.',
    clauses: ['DESC-2', 'DESC-3', 'GW-12'],
    change: template('describe a stream', `${ONLY_NAME}, "ExclusiveStartShardId": "shardId-000000000000"}`),
  },
  {
    name: 'delete-named-by-the-query',
    why: 'A query parameter makes the call delete another stream.',
    clauses: ['DEL-2'],
    change: inTemplate('delete a stream', NAME, fallback("$input.params('StreamName')")),
  },
  {
    name: 'delete-named-by-the-body',
    why: 'StreamName in the body makes the call delete another stream.',
    clauses: ['DEL-2'],
    change: inTemplate('delete a stream', NAME, fallback("$input.path('$.StreamName')")),
  },
  {
    name: 'delete-enforced',
    why: 'The deletion enforces the removal of consumers.',
    clauses: ['GW-12'],
    change: template('delete a stream', `${ONLY_NAME}, "EnforceConsumerDeletion": true}`),
  },
  {
    name: 'trailing-comma',
    why: 'The template has a trailing comma, so every call fails.',
    clauses: ['DESC-1', 'DESC-2', 'DEL-1', 'DEL-2'],
    change: combine(
      template('describe a stream', `${ONLY_NAME},}`),
      template('delete a stream', `${ONLY_NAME},}`),
    ),
  },
  {
    name: 'name-without-quotes',
    why: 'The template has no quotes around the stream name.',
    clauses: ['DESC-1', 'DESC-2', 'DESC-5'],
    change: template('describe a stream', `{"StreamName": ${NAME}}`),
  },
];

/** A template expression that prefers a value from elsewhere in the request. */
function fallback(elsewhere: string): string {
  return `#if(${elsewhere} != '')${elsewhere}#else${NAME}#end`;
}
