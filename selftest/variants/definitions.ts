import { CALL_NAMES } from '../../support/client/requests.ts';
import { combine, type Variant } from '../changes/change.ts';
import {
  document,
  everyIntegration,
  inTemplate,
  integration,
  integrationOf,
  JSON_TYPE,
  operationOf,
  template,
} from '../changes/definition.ts';

const CONTENT_TYPE = 'integration.request.header.Content-Type';
const KEY = "$input.path('$.PartitionKey')";
const ITEM_KEY = '$elem.partition-key';
/** escapeJavaScript escapes for JSON, except that it also escapes apostrophes. */
const escaped = (key: string) => `$util.escapeJavaScript(${key}).replaceAll("\\\\'", "'")`;
const STREAM_NAME = '"StreamName": "$input.params(\'stream-name\')"';

/** Definitions that are written differently but behave the same. */
export const definitions: readonly Variant[] = [
  {
    name: 'resources-in-another-order',
    why: 'Paths and methods have no order.',
    change: document((copy) => {
      copy.paths = Object.fromEntries(
        Object.entries(copy.paths)
          .toReversed()
          .map(([path, item]) => [path, Object.fromEntries(Object.entries(item).toReversed())]),
      );
    }),
  },
  {
    name: 'full-media-type-everywhere',
    why: 'Every integration uses the same one of the tutorial’s two spellings of the content type.',
    change: everyIntegration((own) => {
      own.requestParameters = { [CONTENT_TYPE]: "'application/x-amz-json-1.1'" };
    }),
  },
  {
    name: 'short-media-type-everywhere',
    why: 'Every integration uses the same one of the tutorial’s two spellings of the content type.',
    change: everyIntegration((own) => {
      own.requestParameters = { [CONTENT_TYPE]: "'x-amz-json-1.1'" };
    }),
  },
  {
    name: 'passthrough-never',
    why: 'passthroughBehavior is NEVER, which behaves like WHEN_NO_TEMPLATES where there is a template.',
    change: everyIntegration((own) => {
      own.passthroughBehavior = 'never';
    }),
  },
  {
    name: 'templates-spaced-out',
    why: 'White space outside of strings means nothing to Kinesis.',
    change: everyIntegration(({ requestTemplates = {} }) => {
      requestTemplates[JSON_TYPE] = `\n\n  ${requestTemplates[JSON_TYPE]}\n\n`;
    }),
  },
  {
    name: 'members-in-another-order',
    why: 'The members of a JSON object have no order.',
    change: template(
      'get a shard iterator',
      `{"ShardIteratorType": "TRIM_HORIZON", ${STREAM_NAME}, "ShardId": "$input.params('shard-id')"}`,
    ),
  },
  {
    name: 'record-members-in-another-order',
    why: 'The members of a JSON object have no order.',
    change: template(
      'put a record',
      `{"PartitionKey":"$input.path('$.PartitionKey')","Data":"$util.base64Encode($input.json('$.Data'))",${STREAM_NAME}}`,
    ),
  },
  {
    name: 'keys-escaped-for-json',
    why: 'Partition keys are escaped for JSON, which removes a weakness and changes nothing else.',
    change: combine(
      inTemplate('put a record', KEY, escaped(KEY)),
      inTemplate('put records', ITEM_KEY, escaped(ITEM_KEY)),
    ),
  },
  {
    name: 'validators-unused',
    why: 'The API has a validator that no method uses, and one that checks nothing.',
    change: document((copy) => {
      copy['x-amazon-apigateway-request-validators'] = {
        all: { validateRequestBody: true, validateRequestParameters: true },
        none: { validateRequestBody: false, validateRequestParameters: false },
      };
      for (const call of CALL_NAMES)
        operationOf(copy, call)['x-amazon-apigateway-request-validator'] = 'none';
    }),
  },
  {
    name: 'a-member-not-printed',
    why: 'The templates add members to the request that no template prints.',
    change: everyIntegration(({ requestTemplates = {} }) => {
      requestTemplates[JSON_TYPE] =
        `#set($b = $input.path('$'))#set($b.stamped = $context.requestId)#set($old = $b.put("more", [$b]))${requestTemplates[JSON_TYPE]}`;
    }),
  },
  {
    name: 'a-copy-is-changed',
    why: 'The templates change a copy of the document, not the one that is stored.',
    change: document((copy) => {
      for (const call of ['put a record', 'put records'] as const) {
        const { requestTemplates = {} } = integrationOf(copy, call);
        requestTemplates[JSON_TYPE] =
          `#set($c = $util.parseJson($input.body))#set($c.Data = "stamped")#foreach($r in $c.records)#set($r.data = "stamped")#end#set($d = {})#set($none = $d.putAll($c))#set($d.PartitionKey = "ours")${requestTemplates[JSON_TYPE]}`;
      }
    }),
  },
  {
    name: 'a-loop-by-methods',
    why: 'The template asks the loop by a method whether there is more, not by a property.',
    change: document((copy) => {
      const { requestTemplates = {} } = integrationOf(copy, 'put records');
      requestTemplates[JSON_TYPE] = String(requestTemplates[JSON_TYPE]).replace(
        '$foreach.hasNext',
        '!$foreach.isLast()',
      );
    }),
  },
  {
    name: 'without-models',
    why: 'The API has no models; the tutorial leaves them to the reader.',
    change: document((copy) => {
      copy.components.schemas = {};
      for (const call of CALL_NAMES) delete operationOf(copy, call).requestBody;
    }),
  },
  {
    name: 'with-a-description',
    why: 'The API has a description and operation names, which do not change it.',
    change: document((copy) => {
      copy.info.description = 'Streams for everybody';
      copy.info.version = '2026-01-01';
      for (const call of CALL_NAMES)
        Object.assign(operationOf(copy, call), { summary: call, operationId: call.replaceAll(' ', '') });
    }),
  },
  {
    name: 'callers-must-sign',
    why: 'Every method requires AWS_IAM, and the run’s client signs its calls.',
    change: document((copy) => {
      for (const call of CALL_NAMES)
        operationOf(copy, call)['x-amazon-apigateway-auth'] = { type: 'AWS_IAM' };
    }),
  },
  {
    name: 'callers-need-a-key',
    why: 'Every method requires an API key, and the run creates one with a usage plan.',
    change: document((copy) => {
      copy.components.securitySchemes = { key: { type: 'apiKey', name: 'x-api-key', in: 'header' } };
      for (const call of CALL_NAMES) operationOf(copy, call).security = [{ key: [] }];
    }),
  },
  {
    name: 'binary-type-that-no-call-uses',
    why: 'The API declares binary media types that no call uses.',
    change: document((copy) => {
      copy['x-amazon-apigateway-binary-media-types'] = ['image/png', 'application/octet-stream'];
    }),
  },
  {
    name: 'text-converted-to-text',
    why: 'CONVERT_TO_TEXT changes nothing, since a body that is not binary is already text (API Gateway guide, payload encodings).',
    change: everyIntegration((own) => {
      own.contentHandling = 'CONVERT_TO_TEXT';
      for (const response of Object.values(own.responses)) response.contentHandling = 'CONVERT_TO_TEXT';
    }),
  },
  {
    name: 'a-longer-timeout-said',
    why: 'The definition states the default timeout.',
    change: integration('list streams', (own) => {
      own.timeoutInMillis = 29_000;
    }),
  },
  {
    name: 'a-comment-in-each-template',
    why: 'The templates contain comments, which are not rendered.',
    change: document((copy) => {
      for (const call of CALL_NAMES) {
        const { requestTemplates = {} } = integrationOf(copy, call);
        requestTemplates[JSON_TYPE] = `#* to ${call} *#${requestTemplates[JSON_TYPE]}`;
      }
    }),
  },
];
