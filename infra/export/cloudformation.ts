import type { Json, JsonObject } from '../definition/types.ts';
import {
  ALARM_PERIOD,
  ALARM_PERIODS,
  ALARMS,
  type Alarm,
  adapted,
  type ExportOptions,
  LOG_DAYS,
  type MethodSetting,
  type Parts,
  STREAM_PREFIX,
} from './parts.ts';

/**
 * Each function computes a single value: Fn::Sub on a whole text would treat the templates' own references as its
 * variables.
 */
const sub = (text: string): Json => ({ 'Fn::Sub': text });
const ref = (name: string): Json => ({ Ref: name });
const arnOf = (name: string): Json => ({ 'Fn::GetAtt': [name, 'Arn'] });

/** A CloudFormation template of the API, its role, stage, logs and alarms. */
export function toCloudFormation(parts: Parts, options: ExportOptions): JsonObject {
  const deployment = `Deployment${parts.hash}`;
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `${parts.title}: a REST API in front of Kinesis, with its role, stage, logs and alarms`,
    Parameters: parameters(parts, options),
    Conditions: {
      SetsLogRole: { 'Fn::Equals': [ref('SetLogRole'), 'true'] },
      HasTopic: { 'Fn::Not': [{ 'Fn::Equals': [ref('AlarmTopicArn'), ''] }] },
    },
    Resources: {
      ExecutionRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: parts.trust,
          Policies: [{ PolicyName: 'kinesis', PolicyDocument: permissions(parts) }],
        },
      },
      Api: {
        Type: 'AWS::ApiGateway::RestApi',
        Properties: { Name: parts.title, Body: body(parts), EndpointConfiguration: { Types: ['REGIONAL'] } },
      },
      [deployment]: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: ref('Api') } },
      ...logs(),
      Stage: {
        Type: 'AWS::ApiGateway::Stage',
        Properties: {
          RestApiId: ref('Api'),
          DeploymentId: ref(deployment),
          StageName: ref('StageName'),
          // Refers to the settings if they exist, since a stage with an access log needs them first.
          Description: {
            'Fn::If': [
              'SetsLogRole',
              sub('Logs by the settings ${LogSettings}'),
              "Logs by the account's settings",
            ],
          },
          MethodSettings: parts.methodSettings.map(methodSetting),
          AccessLogSetting: {
            // The group's ARN attribute ends in `:*`, which a destination must not have.
            DestinationArn: sub(
              'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${AccessLog}',
            ),
            Format: parts.accessLogFormat,
          },
        },
      },
      ...Object.fromEntries(ALARMS.map((each) => [each.id, alarm(each, parts)])),
    },
    Outputs: {
      Url: {
        Description: "The URL of the API's stage",
        Value: sub('https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${StageName}'),
      },
      RoleArn: { Description: 'The role under which the API calls Kinesis', Value: arnOf('ExecutionRole') },
    },
  };
}

function parameters({ hasPrefix, origin }: Parts, { streamPrefix, stage }: ExportOptions): JsonObject {
  return {
    ...(hasPrefix && {
      StreamPrefix: {
        Type: 'String',
        Description: 'The prefix of the stream names that the API may access',
        AllowedPattern: '[a-zA-Z0-9_.-]{1,128}',
        ...(streamPrefix !== undefined && { Default: streamPrefix }),
      },
    }),
    ...(origin !== undefined && {
      AllowedOrigin: {
        Type: 'String',
        Description: 'The origin whose pages may call the API',
        AllowedPattern: "[^']+",
        Default: origin.replaceAll("'", ''),
      },
    }),
    StageName: { Type: 'String', AllowedPattern: '[a-zA-Z0-9_-]{1,128}', Default: stage },
    SetLogRole: {
      Type: 'String',
      Description:
        "Logs need a role in the account's settings for the region. true sets it; false keeps the current one",
      AllowedValues: ['true', 'false'],
      Default: 'true',
    },
    AlarmTopicArn: {
      Type: 'String',
      Description: 'The SNS topic that alarms are sent to; none if empty',
      Default: '',
    },
  };
}

function permissions({ permissions: policy }: Parts): Json {
  const walk = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, walk(member)]));
    return typeof value === 'string' && value.includes(STREAM_PREFIX)
      ? sub(value.replace(STREAM_PREFIX, '${StreamPrefix}'))
      : value;
  };
  return walk(policy);
}

function body(parts: Parts): JsonObject {
  return adapted(parts, {
    uri: (uri) =>
      sub(uri.replace(/^arn:aws:apigateway:us-east-1:/, 'arn:${AWS::Partition}:apigateway:${AWS::Region}:')),
    credentials: arnOf('ExecutionRole'),
    origin: sub("'${AllowedOrigin}'"),
  });
}

function methodSetting({ path, method, ...settings }: MethodSetting): JsonObject {
  const capitals = Object.entries(settings).map(([key, value]) => [
    `${key.charAt(0).toUpperCase()}${key.slice(1)}`,
    value,
  ]);
  return {
    // Slashes within a path are written ~1; /* matches every path.
    ResourcePath: path === '*' ? '/*' : `/${path.replaceAll('/', '~1')}`,
    HttpMethod: method,
    ...Object.fromEntries(capitals),
  };
}

/** The account's settings and their role remain when the stack is deleted: other APIs may use them by then. */
function logs(): JsonObject {
  const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
  return {
    AccessLog: {
      Type: 'AWS::Logs::LogGroup',
      ...kept,
      Properties: { RetentionInDays: LOG_DAYS },
    },
    LogRole: {
      Type: 'AWS::IAM::Role',
      Condition: 'SetsLogRole',
      ...kept,
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
        ManagedPolicyArns: [
          sub('arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs'),
        ],
      },
    },
    LogSettings: {
      Type: 'AWS::ApiGateway::Account',
      Condition: 'SetsLogRole',
      ...kept,
      Properties: { CloudWatchRoleArn: arnOf('LogRole') },
    },
  };
}

function alarm({ metric, statistic, threshold, description }: Alarm, { title }: Parts): JsonObject {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmDescription: description,
      Namespace: 'AWS/ApiGateway',
      MetricName: metric,
      Dimensions: [
        { Name: 'ApiName', Value: title },
        { Name: 'Stage', Value: ref('StageName') },
      ],
      ...('plain' in statistic ? { Statistic: statistic.plain } : { ExtendedStatistic: statistic.extended }),
      Period: ALARM_PERIOD,
      EvaluationPeriods: ALARM_PERIODS,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: threshold,
      TreatMissingData: 'notBreaching',
      AlarmActions: { 'Fn::If': ['HasTopic', [ref('AlarmTopicArn')], ref('AWS::NoValue')] },
    },
  };
}
