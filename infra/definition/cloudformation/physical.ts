/** The values of CloudFormation's `Ref` and `Fn::GetAtt`, as far as they are known before AWS creates the resources. */

/**
 * The patterns for one resource type. `{name}` is the value of the property `name`, or `<stack>-<logical id>`; `{arn}`
 * is `arn`; `{partition}`, `{region}`, `{account}` and `{suffix}` are the run's.
 */
export interface Kind {
  /** The property that holds the resource's name. */
  readonly name?: string;
  /** The maximum length of the name on AWS. */
  readonly maxName?: number;
  readonly arn?: string;
  /** `{name}` when absent. */
  readonly ref?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

const regional = (service: string, rest: string) => `arn:{partition}:${service}:{region}:{account}:${rest}`;

const FUNCTION: Kind = { name: 'FunctionName', maxName: 64, arn: regional('lambda', 'function:{name}') };
const STATE_MACHINE: Kind = {
  ref: '{arn}',
  maxName: 80,
  arn: regional('states', 'stateMachine:{name}'),
  attributes: { Name: '{name}' },
};
const TABLE: Kind = { name: 'TableName', arn: regional('dynamodb', 'table/{name}') };

const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::Kinesis::Stream': { name: 'Name', maxName: 128, arn: regional('kinesis', 'stream/{name}') },
  'AWS::IAM::Role': {
    name: 'RoleName',
    maxName: 64,
    arn: 'arn:{partition}:iam::{account}:role{path}{name}',
    attributes: { RoleId: 'AROA{hash}' },
  },
  'AWS::IAM::ManagedPolicy': {
    name: 'ManagedPolicyName',
    maxName: 128,
    arn: 'arn:{partition}:iam::{account}:policy{path}{name}',
    ref: '{arn}',
    attributes: { PolicyArn: '{arn}' },
  },
  'AWS::IAM::User': { name: 'UserName', maxName: 64, arn: 'arn:{partition}:iam::{account}:user{path}{name}' },
  'AWS::Lambda::Function': FUNCTION,
  'AWS::Serverless::Function': FUNCTION,
  'AWS::Lambda::Alias': { name: 'Name', arn: regional('lambda', 'function:{name}'), ref: '{arn}' },
  'AWS::Lambda::Version': { arn: regional('lambda', 'function:{name}'), ref: '{arn}' },
  'AWS::SQS::Queue': {
    name: 'QueueName',
    maxName: 80,
    arn: regional('sqs', '{name}'),
    ref: 'https://sqs.{region}.{suffix}/{account}/{name}',
    attributes: { QueueName: '{name}', QueueUrl: 'https://sqs.{region}.{suffix}/{account}/{name}' },
  },
  'AWS::SNS::Topic': {
    name: 'TopicName',
    arn: regional('sns', '{name}'),
    ref: '{arn}',
    attributes: { TopicArn: '{arn}', TopicName: '{name}' },
  },
  'AWS::DynamoDB::Table': TABLE,
  'AWS::Serverless::SimpleTable': TABLE,
  'AWS::S3::Bucket': {
    name: 'BucketName',
    maxName: 63,
    arn: 'arn:{partition}:s3:::{name}',
    attributes: { DomainName: '{name}.s3.{suffix}', RegionalDomainName: '{name}.s3.{region}.{suffix}' },
  },
  'AWS::Logs::LogGroup': { name: 'LogGroupName', arn: regional('logs', 'log-group:{name}:*') },
  'AWS::Events::EventBus': {
    name: 'Name',
    arn: regional('events', 'event-bus/{name}'),
    attributes: { Name: '{name}' },
  },
  'AWS::StepFunctions::StateMachine': { ...STATE_MACHINE, name: 'StateMachineName' },
  'AWS::Serverless::StateMachine': { ...STATE_MACHINE, name: 'Name' },
  'AWS::KinesisFirehose::DeliveryStream': {
    name: 'DeliveryStreamName',
    maxName: 64,
    arn: regional('firehose', 'deliverystream/{name}'),
  },
  'AWS::KMS::Key': { arn: regional('kms', 'key/{name}'), attributes: { KeyId: '{name}' } },
  'AWS::KMS::Alias': { name: 'AliasName' },
  'AWS::Cognito::UserPool': {
    ref: '{region}_{hash}',
    arn: regional('cognito-idp', 'userpool/{region}_{hash}'),
    attributes: { UserPoolId: '{region}_{hash}' },
  },
  'AWS::SSM::Parameter': { name: 'Name' },
  'AWS::ApiGateway::RestApi': { ref: '{id}', attributes: { RestApiId: '{id}', RootResourceId: '{root}' } },
  'AWS::Serverless::Api': { ref: '{id}', attributes: { RestApiId: '{id}', RootResourceId: '{root}' } },
  'AWS::ApiGateway::Resource': { ref: '{id}', attributes: { ResourceId: '{id}' } },
  'AWS::ApiGateway::RequestValidator': { ref: '{id}', attributes: { RequestValidatorId: '{id}' } },
  'AWS::ApiGateway::Authorizer': { ref: '{id}', attributes: { AuthorizerId: '{id}' } },
  'AWS::ApiGateway::ApiKey': { ref: '{id}', attributes: { APIKeyId: '{id}' } },
  'AWS::ApiGateway::UsagePlan': { ref: '{id}', attributes: { Id: '{id}' } },
  'AWS::ApiGateway::Deployment': { ref: '{id}', attributes: { DeploymentId: '{id}' } },
  'AWS::ApiGateway::Model': { name: 'Name', ref: '{name}' },
  'AWS::ApiGateway::Stage': { name: 'StageName', ref: '{name}' },
};

/** Types whose ids only AWS knows and which have no name property. */
const UNKNOWN = /^(Custom::|AWS::CloudFormation::|AWS::Serverless::Application$)/;

/** @returns undefined for a type whose values are unknown. */
export function kindOf(type: string): Kind | undefined {
  return Object.hasOwn(KINDS, type) ? KINDS[type] : UNKNOWN.test(type) ? undefined : {};
}

/** Whether a run creates resources of a type if the API needs them. */
export function isDeployed(type: string): boolean {
  return /^AWS::(ApiGateway::(?!VpcLink|DomainName|BasePathMapping)|Kinesis::Stream$|IAM::(Role|Policy|ManagedPolicy|RolePolicy)$|Serverless::Api$)/.test(
    type,
  );
}

/** Describes a resource, such as `the SQS queue Jobs`. */
export function describe(type: string, id: string): string {
  const [, service = '', kind = ''] = type
    .replace(/^AWS::Serverless::(Function|Layer)/, 'AWS::Lambda::$1')
    .split('::');
  if (/^AWS::(CloudFormation::Stack|Serverless::Application)$/.test(type)) return `the nested stack ${id}`;
  if (!type.startsWith('AWS::')) return `the custom resource ${id}`;
  return `the ${service} ${kind.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()} ${id}`;
}
