/** For tests: a small Kinesis proxy definition with most of what an import reads. */
export const proxyDefinition = `
openapi: 3.0.1
info: { title: SmallProxy, description: A small proxy, version: '7' }
servers: [{ url: 'https://example.com/{basePath}', variables: { basePath: { default: v1 } } }]
x-amazon-apigateway-request-validators:
  everything: { validateRequestBody: true, validateRequestParameters: true }
x-amazon-apigateway-gateway-responses:
  BAD_REQUEST_BODY:
    statusCode: 422
    responseTemplates: { application/json: '{"message":$context.error.validationErrorString}' }
x-amazon-apigateway-binary-media-types: [image/png]
components:
  securitySchemes:
    sigv4: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4 }
  parameters:
    Stream: { name: stream-name, in: path, required: true, schema: { type: string } }
  schemas:
    Record:
      description: One record
      type: object
      required: [PartitionKey]
      properties: { Data: { type: string }, PartitionKey: { type: string } }
    Records: { type: object, properties: { records: { type: array, items: { $ref: '#/components/schemas/Record' } } } }
paths:
  /streams:
    get:
      operationId: ListStreams
      responses: { '200': { description: ok, headers: { Content-Type: { schema: { type: string } } } } }
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: post
        uri: arn:aws:apigateway:eu-west-1:kinesis:action/ListStreams
        credentials: arn:aws:iam::123456789012:role/proxy
        passthroughBehavior: when_no_templates
        requestParameters: { integration.request.header.Content-Type: "'application/x-amz-json-1.1'" }
        requestTemplates: { application/json: '{}' }
        responses:
          default:
            statusCode: 200
            responseParameters: { method.response.header.Content-Type: integration.response.header.Content-Type }
  /streams/{stream-name}/records:
    parameters: [{ $ref: '#/components/parameters/Stream' }]
    get:
      security: [{ sigv4: [] }]
      parameters:
        - { name: Shard-Iterator, in: header, required: true, schema: { type: string } }
        - { name: limit, in: query, schema: { type: integer } }
      responses:
        '200': { description: ok }
        '400': { description: bad }
      x-amazon-apigateway-integration:
        type: AWS
        httpMethod: POST
        uri: arn:aws:apigateway:eu-west-1:kinesis:action/GetRecords
        credentials: arn:aws:iam::123456789012:role/proxy
        requestTemplates: { application/json: "{ \\"ShardIterator\\": \\"$input.params('Shard-Iterator')\\" }" }
        responses:
          default: { statusCode: '200' }
          4\\d{2}: { statusCode: '400', responseTemplates: { application/json: '{}' } }
    put:
      x-amazon-apigateway-request-validator: everything
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/Records' } } }
      responses:
        '200':
          description: ok
          content: { application/json: { schema: { type: object, properties: { FailedRecordCount: { type: integer } } } } }
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: POST
        uri: arn:aws:apigateway:eu-west-1:kinesis:action/PutRecords
        credentials: arn:aws:iam::123456789012:role/proxy
        passthroughBehavior: never
        timeoutInMillis: 5000
        requestTemplates: { application/json: '{ "Records": [] }' }
        responses: { default: { statusCode: '200' } }
`;
