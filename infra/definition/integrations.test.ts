import { test } from 'node:test';
import { expect } from 'chai';
import { serviceOf } from './integrations.ts';

test('the service of an integration, as the names of its actions begin', () => {
  const rows: [uri: string, service: string | undefined][] = [
    ['arn:aws:apigateway:us-east-1:kinesis:action/PutRecord', 'kinesis'],
    ['arn:aws-cn:apigateway:cn-north-1:dynamodb:action/GetItem', 'dynamodb'],
    ['arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints/e/invocations', 'sagemaker'],
    [
      'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:f/invocations',
      'lambda',
    ],
    [
      JSON.stringify({
        'Fn::Join': ['', ['arn:aws:apigateway:', { Ref: 'AWS::Region' }, ':lambda:path/2015-03-31']],
      }),
      'lambda',
    ],
    ['https://example.com/arn', undefined],
    ['', undefined],
  ];
  for (const [uri, service] of rows) expect(serviceOf(uri), uri).to.equal(service);
});
