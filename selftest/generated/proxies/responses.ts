import type { IntegrationResponse } from '../../changes/definition.ts';
import { JSON_TYPE } from '../../changes/definition.ts';
import type { CallShape, ErrorShape, ProxyShape } from './proxy.ts';

export const ORIGIN = 'Access-Control-Allow-Origin';

/** The integration responses of a method. */
export function responsesOf(call: CallShape, proxy: ProxyShape): Record<string, IntegrationResponse> {
  const { origin } = proxy;
  const errors = call.errors ?? proxy.errors;
  const responseParameters: Record<string, string> =
    origin === undefined ? {} : { [`method.response.header.${ORIGIN}`]: `'${origin}'` };
  const own = (statusCode: number, template: string | undefined): IntegrationResponse => ({
    statusCode: String(statusCode),
    responseParameters,
    ...(template !== undefined && { responseTemplates: { [JSON_TYPE]: template } }),
  });
  const success = own(call.success, successTemplate(call));
  const refused = own(statusOfErrors(errors), errors.body.isPassed ? undefined : refusalTemplate(errors));
  if (errors.isDefault) return { '2\\d{2}': success, default: refused };
  return {
    default: success,
    [errors.refused]: refused,
    [errors.failed]: own(errors.failure, errors.body.isPassed ? undefined : failureTemplate(errors)),
  };
}

/** All statuses that a method answers with. */
export function statusesOf(call: CallShape, proxy: ProxyShape): number[] {
  const { success, answer, errors = proxy.errors } = call;
  return [
    ...new Set([success, answer.partly, errors.otherwise, errors.failure, ...Object.values(errors.statuses)]),
  ];
}

/** The status where the template does not override it. */
function statusOfErrors({ otherwise }: ErrorShape): number {
  return otherwise;
}

function successTemplate(call: CallShape): string | undefined {
  const { action, answer } = call;
  if (action === 'PutRecords') return batchTemplate(call);
  if (answer.isPassed) return undefined;
  const [a = 'a', b = 'b', c = 'c', d = 'd'] = answer.names;
  const json = (member: string) => `$input.json('$.${member}')`;
  const text = (member: string) => `"$!input.path('$.${member}')"`;
  switch (action) {
    case 'PutRecord':
      return [
        `{"${a}": true}`,
        `{"${a}": ${json('SequenceNumber')}, "${b}": ${text('ShardId')}}`,
        `$input.json('$')`,
      ][answer.style % 3];
    case 'CreateStream':
    case 'DeleteStream':
      return `{"${a}": "$context.requestId"}`;
    case 'GetShardIterator':
      return [`{"${a}": ${json('ShardIterator')}}`, `{"${b}": {"${a}": ${text('ShardIterator')}}}`][
        answer.style % 2
      ];
    case 'DescribeStream':
      return [
        json('StreamDescription'),
        `{"${a}": ${text('StreamDescription.StreamName')}, "${b}": ${text('StreamDescription.StreamStatus')}, "${c}": [#foreach($shard in $input.path('$.StreamDescription.Shards')){"${d}": "$shard.ShardId"}#if($foreach.hasNext),#end#end]}`,
      ][answer.style % 2];
    case 'ListStreams':
      return `{"${a}": ${json('StreamNames')}, "${b}": $input.path('$.HasMoreStreams')${
        call.members.NextToken === undefined ? '' : `, "${c}": ${text('NextToken')}`
      }}`;
    case 'GetRecords':
      return recordsTemplate(answer.style, [a, b, c, d]);
  }
}

function recordsTemplate(style: number, [a, b, c, d]: readonly [string, string, string, string]): string {
  const data = [
    '"$r.Data"',
    `"$util.escapeJavaScript($util.base64Decode($r.Data)).replaceAll("\\\\'", "'")"`,
    `$input.json("$.Records[$foreach.index].Data")`,
  ][style % 3];
  const behind = style % 2 === 0 ? `, "${d}": $input.path('$.MillisBehindLatest')` : '';
  return `{"${a}": [#foreach($r in $input.path('$.Records')){"${b}": ${data}}#if($foreach.hasNext),#end#end], "${c}": "$!input.path('$.NextShardIterator')"${behind}}`;
}

/** The answer to a batch, including a partly stored one. */
function batchTemplate({ answer, success }: CallShape): string {
  const [a = 'a', b = 'b'] = answer.names;
  const override =
    answer.partly === success
      ? ''
      : `#if("$input.path('$.FailedRecordCount')" != '0')#set($context.responseOverride.status = ${answer.partly})#end\n`;
  return `${override}${BATCH_ANSWERS[answer.style]?.(a, b)}`;
}

const each = (item: string) =>
  `[#foreach($r in $input.path('$.Records'))${item}#if($foreach.hasNext),#end#end]`;
const failed = (item: string) =>
  `#set($between = '')[#foreach($r in $input.path('$.Records'))#if("$!r.ErrorCode" != '')$between${item}#set($between = ',')#end#end]`;

/** Styles of batch answers that do not say which records were not stored. */
export const STYLES_WITHOUT_FAILED_RECORDS = [6, 7] as const;

/** The ways to report which records of a batch were not stored. */
const BATCH_ANSWERS: readonly ((a: string, b: string) => string)[] = [
  (a) => `{"${a}": ${failed('$foreach.index')}}`,
  (a, b) =>
    `{"${a}": ${each(`#if("$!r.ErrorCode" == ''){"${b}": "$r.SequenceNumber"}#else{"code": "$r.ErrorCode"}#end`)}}`,
  () =>
    `{"FailedRecordCount": $input.path('$.FailedRecordCount'), "Records": ${each(`#if("$!r.ErrorCode" == ''){"SequenceNumber": "$r.SequenceNumber", "ShardId": "$r.ShardId"}#{else}{"ErrorCode": "$r.ErrorCode"}#end`)}}`,
  (a, b) => `{"${a}": ${each(`{"${b}": #if("$!r.ErrorCode" == '')true#{else}false#end}`)}}`,
  (a) => each(`"#if("$!r.ErrorCode" == '')${a}#{else}$r.ErrorCode#end"`),
  (a, b) => `{"${a}": ${failed(`{"${b}": $foreach.index, "code": "$r.ErrorCode"}`)}}`,
  (a) => `{"${a}": $input.path('$.FailedRecordCount')}`,
  (a, b) => `{"${a}": ${each(`{"${b}": true}`)}}`,
];

const TYPE = `#set($type = "$!input.path('$.__type')")\n`;

/** The API's own error names, by status. */
const WORDS: Readonly<Record<number, string>> = {
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  429: 'TooManyRequests',
};

function wordOf(status: number): string {
  return WORDS[status] ?? (status < 500 ? 'BadRequest' : 'Failure');
}

function refusalTemplate(errors: ErrorShape): string {
  return `${TYPE}${statusText(errors)}${bodyText(errors, '$type')}`;
}

function failureTemplate(errors: ErrorShape): string {
  return `#set($word = '${wordOf(errors.failure)}')#set($status = ${errors.failure})${bodyText(errors, 'InternalFailure')}`;
}

/** Sets `$status`, `$word` and the status of the answer. */
function statusText({ finding, statuses, otherwise }: ErrorShape): string {
  const entries = Object.entries(statuses);
  const found = (status: number) => `#set($status = ${status})#set($word = '${wordOf(status)}')`;
  const applied = '#set($context.responseOverride.status = $status)\n';
  switch (finding) {
    case 'ifs':
      return `${found(otherwise)}\n${entries.map(([type, status]) => `#if($type == '${type}')${found(status)}#end\n`).join('')}${applied}`;
    case 'elseifs':
      return `#if(${entries.map(([type, status]) => `$type == '${type}')${found(status)}\n`).join('#elseif(')}#else${found(otherwise)}#end\n${applied}`;
    case 'map':
      return `#set($statuses = {${entries.map(([type, status]) => `"${type}": ${status}`).join(', ')}})#set($words = {${entries.map(([type, status]) => `"${type}": "${wordOf(status)}"`).join(', ')}})
${found(otherwise)}
#if($statuses.containsKey($type))#set($status = $statuses.get($type))#set($word = $words.get($type))#end
${applied}`;
    case 'overrides':
      return `${found(otherwise)}\n#if(${entries
        .map(
          ([type, status]) =>
            `$type == "${type}")${found(status)}#set($context.responseOverride.status = ${status})\n`,
        )
        .join('#elseif(')}#end\n`;
  }
}

function bodyText({ body }: ErrorShape, type: string): string {
  const { around, typeName, more } = body;
  const own = [
    ...(body.type === 'absent' ? [] : [`"${typeName}": "${TYPES[body.type](type)}"`]),
    ...Object.entries(more).map(([name, json]) => `"${name}": ${json}`),
  ].join(', ');
  return around.reduceRight(
    (inner, name) => (name === '[]' ? `[${inner}]` : `{"${name}": ${inner}}`),
    `{${own}}`,
  );
}

const TYPES = {
  'of-kinesis': (type: string) => type,
  word: () => '$word',
  uri: () => 'https://problems.example/$word',
} as const;
