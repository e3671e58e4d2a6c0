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
/** escapeJavaScript is right for JSON but for the apostrophe. */
const escaped = (key: string) => `$util.escapeJavaScript(${key}).replaceAll("\\\\'", "'")`;
const STREAM_NAME = '"StreamName": "$input.params(\'stream-name\')"';

/** Definitions that say the same in other words. */
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
    why: 'Both spellings of the content type are the tutorial’s.',
    change: everyIntegration((own) => {
      own.requestParameters = { [CONTENT_TYPE]: "'application/x-amz-json-1.1'" };
    }),
  },
  {
    name: 'short-media-type-everywhere',
    why: 'Both spellings of the content type are the tutorial’s.',
    change: everyIntegration((own) => {
      own.requestParameters = { [CONTENT_TYPE]: "'x-amz-json-1.1'" };
    }),
  },
  {
    name: 'passthrough-never',
    why: 'NEVER is stricter than WHEN_NO_TEMPLATES, and the same where there is a template.',
    change: everyIntegration((own) => {
      own.passthroughBehavior = 'never';
    }),
  },
  {
    name: 'templates-spaced-out',
    why: 'White space outside of texts means nothing to Kinesis.',
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
    why: 'A proxy that escapes partition keys as JSON asks lacks a weakness, and nothing else.',
    change: combine(
      inTemplate('put a record', KEY, escaped(KEY)),
      inTemplate('put records', ITEM_KEY, escaped(ITEM_KEY)),
    ),
  },
  {
    name: 'validators-unused',
    why: 'A validator that no method uses, and one that checks nothing, refuse nothing.',
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
    name: 'a-member-nobody-prints',
    why: 'The request gets members that no template reads.',
    change: everyIntegration(({ requestTemplates = {} }) => {
      requestTemplates[JSON_TYPE] =
        `#set($b = $input.path('$'))#set($b.stamped = $context.requestId)#set($old = $b.put("more", [$b]))${requestTemplates[JSON_TYPE]}`;
    }),
  },
  {
    name: 'a-copy-is-changed',
    why: 'What is changed is another document than the one that is stored.',
    change: document((copy) => {
      for (const call of ['put a record', 'put records'] as const) {
        const { requestTemplates = {} } = integrationOf(copy, call);
        requestTemplates[JSON_TYPE] =
          `#set($c = $util.parseJson($input.body))#set($c.Data = "stamped")#foreach($r in $c.records)#set($r.data = "stamped")#end#set($d = {})#set($none = $d.putAll($c))#set($d.PartitionKey = "ours")${requestTemplates[JSON_TYPE]}`;
      }
    }),
  },
  {
    name: 'without-models',
    why: 'The tutorial leaves models to the reader.',
    change: document((copy) => {
      copy.components.schemas = {};
      for (const call of CALL_NAMES) delete operationOf(copy, call).requestBody;
    }),
  },
  {
    name: 'with-a-description',
    why: 'Documentation and operation names do not change an API.',
    change: document((copy) => {
      copy.info.description = 'Streams for everybody';
      copy.info.version = '2026-01-01';
      for (const call of CALL_NAMES)
        Object.assign(operationOf(copy, call), { summary: call, operationId: call.replaceAll(' ', '') });
    }),
  },
  {
    name: 'callers-must-sign',
    why: 'AWS_IAM on every method: the run’s own client signs.',
    change: document((copy) => {
      for (const call of CALL_NAMES)
        operationOf(copy, call)['x-amazon-apigateway-auth'] = { type: 'AWS_IAM' };
    }),
  },
  {
    name: 'callers-need-a-key',
    why: 'An API key is demanded on every method: the run makes one, with a usage plan.',
    change: document((copy) => {
      copy.components.securitySchemes = { key: { type: 'apiKey', name: 'x-api-key', in: 'header' } };
      for (const call of CALL_NAMES) operationOf(copy, call).security = [{ key: [] }];
    }),
  },
  {
    name: 'binary-type-that-no-call-uses',
    why: 'Images are served by another API of the same template.',
    change: document((copy) => {
      copy['x-amazon-apigateway-binary-media-types'] = ['image/png', 'application/octet-stream'];
    }),
  },
  {
    name: 'text-converted-to-text',
    why: 'A body that is not a binary one is text already (API Gateway guide, payload encodings).',
    change: everyIntegration((own) => {
      own.contentHandling = 'CONVERT_TO_TEXT';
      for (const response of Object.values(own.responses)) response.contentHandling = 'CONVERT_TO_TEXT';
    }),
  },
  {
    name: 'a-longer-timeout-said',
    why: 'The default timeout, written down.',
    change: integration('list streams', (own) => {
      own.timeoutInMillis = 29_000;
    }),
  },
  {
    name: 'a-comment-in-each-template',
    why: 'A comment is not rendered.',
    change: document((copy) => {
      for (const call of CALL_NAMES) {
        const { requestTemplates = {} } = integrationOf(copy, call);
        requestTemplates[JSON_TYPE] = `#* to ${call} *#${requestTemplates[JSON_TYPE]}`;
      }
    }),
  },
];
