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
 * Strings in Terraform's JSON syntax are templates: a brace after a dollar or percent sign would start an expression.
 */
export const literal = (text: string): string => text.replace(/([$%])\{/g, '$1$1{');

const API_ID = '${aws_api_gateway_rest_api.api.id}';
const STAGE_NAME = '${aws_api_gateway_stage.stage.stage_name}';

/** A configuration in Terraform's JSON syntax (a `.tf.json` file) of the API, its role, stage, logs and alarms. */
export function toTerraform(parts: Parts, options: ExportOptions): JsonObject {
  return {
    terraform: {
      required_version: '>= 1.3',
      required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.0' } },
    },
    variable: variables(parts, options),
    data: {
      aws_caller_identity: { current: {} },
      aws_region: { current: {} },
      aws_partition: { current: {} },
    },
    locals: {
      // `id` is the region's name in every version of the provider.
      region: '${data.aws_region.current.id}',
      partition: '${data.aws_partition.current.partition}',
      // Concatenated rather than read from the role, whose ARN is known only after apply, so that a plan shows the
      // whole API.
      role_arn:
        'arn:${local.partition}:iam::${data.aws_caller_identity.current.account_id}:role/${var.role_name}',
      api: api(parts),
      permissions: permissions(parts),
      trust: literals(parts.trust),
    },
    resource: {
      aws_iam_role: {
        execution: { name: '${var.role_name}', assume_role_policy: '${jsonencode(local.trust)}' },
        logs: {
          count: '${var.set_log_role ? 1 : 0}',
          name_prefix: 'api-gateway-logs-',
          assume_role_policy: '${jsonencode(local.trust)}',
        },
      },
      aws_iam_role_policy: {
        kinesis: {
          name: 'kinesis',
          role: '${aws_iam_role.execution.id}',
          policy: '${jsonencode(local.permissions)}',
        },
      },
      aws_iam_role_policy_attachment: {
        logs: {
          count: '${var.set_log_role ? 1 : 0}',
          role: '${aws_iam_role.logs[0].name}',
          policy_arn:
            'arn:${local.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
        },
      },
      aws_api_gateway_account: {
        logs: {
          count: '${var.set_log_role ? 1 : 0}',
          cloudwatch_role_arn: '${aws_iam_role.logs[0].arn}',
          depends_on: ['aws_iam_role_policy_attachment.logs'],
        },
      },
      aws_api_gateway_rest_api: {
        api: {
          name: literal(parts.title),
          body: '${jsonencode(local.api)}',
          endpoint_configuration: { types: ['REGIONAL'] },
          depends_on: ['aws_iam_role_policy.kinesis'],
        },
      },
      aws_api_gateway_deployment: {
        api: {
          rest_api_id: API_ID,
          // A deployment is a snapshot, so a changed API needs a new one.
          triggers: { api: '${sha256(jsonencode(local.api))}' },
          lifecycle: { create_before_destroy: true },
        },
      },
      aws_cloudwatch_log_group: {
        access: { name_prefix: 'kinesis-proxy-', retention_in_days: LOG_DAYS },
      },
      aws_api_gateway_stage: {
        stage: {
          rest_api_id: API_ID,
          deployment_id: '${aws_api_gateway_deployment.api.id}',
          stage_name: '${var.stage_name}',
          access_log_settings: {
            destination_arn: '${aws_cloudwatch_log_group.access.arn}',
            format: literal(parts.accessLogFormat),
          },
          depends_on: ['aws_api_gateway_account.logs'],
        },
      },
      aws_api_gateway_method_settings: methodSettings(parts.methodSettings),
      aws_cloudwatch_metric_alarm: Object.fromEntries(
        ALARMS.map((each) => [snake(each.id), alarm(each, parts)]),
      ),
    },
    output: {
      url: { description: "The URL of the API's stage", value: '${aws_api_gateway_stage.stage.invoke_url}' },
      role_arn: { description: 'The role under which the API calls Kinesis', value: '${local.role_arn}' },
    },
  };
}

function variables({ name, hasPrefix, origin }: Parts, { streamPrefix, stage }: ExportOptions): JsonObject {
  return {
    ...(hasPrefix && {
      stream_prefix: {
        type: 'string',
        description: 'The prefix of the stream names that the API may access',
        ...(streamPrefix !== undefined && { default: streamPrefix }),
        validation: {
          condition: '${can(regex("^[a-zA-Z0-9_.-]{1,128}$", var.stream_prefix))}',
          error_message:
            'The prefix of a stream name has 1 to 128 of the characters a-z, A-Z, 0-9, _, . and -.',
        },
      },
    }),
    ...(origin !== undefined && {
      allowed_origin: {
        type: 'string',
        description: 'The origin whose pages may call the API',
        default: origin.replaceAll("'", ''),
      },
    }),
    role_name: { type: 'string', default: `kinesis-proxy-${name}` },
    stage_name: { type: 'string', default: stage },
    set_log_role: {
      type: 'bool',
      description:
        "Logs need a role in the account's settings for the region. true sets it; false keeps the current one",
      default: true,
    },
    alarm_topic_arns: {
      type: 'list(string)',
      description: 'The SNS topics that alarms are sent to',
      default: [],
    },
  };
}

function api(parts: Parts): JsonObject {
  return adapted(
    parts,
    {
      uri: (uri) =>
        uri.replace(/^arn:aws:apigateway:us-east-1:/, 'arn:${local.partition}:apigateway:${local.region}:'),
      credentials: '${local.role_arn}',
      origin: "'${var.allowed_origin}'",
    },
    literal,
  );
}

function permissions({ permissions: policy }: Parts): Json {
  const text = JSON.stringify(literals(policy)).replaceAll(STREAM_PREFIX, '${var.stream_prefix}');
  return JSON.parse(text) as Json;
}

function literals(value: Json): Json {
  return JSON.parse(literal(JSON.stringify(value))) as Json;
}

function methodSettings(settings: readonly MethodSetting[]): JsonObject {
  return Object.fromEntries(
    settings.map(({ path, method, ...rest }, index) => [
      index === 0 ? 'all' : `method_${index}`,
      {
        rest_api_id: API_ID,
        stage_name: STAGE_NAME,
        // The provider passes it on unchanged, and API Gateway requires slashes within a path as ~1.
        method_path: `${literal(path.replaceAll('/', '~1'))}/${method}`,
        settings: Object.fromEntries(Object.entries(rest).map(([key, value]) => [snake(key), value])),
      },
    ]),
  );
}

function alarm({ id, metric, statistic, threshold, description }: Alarm, { title }: Parts): JsonObject {
  return {
    alarm_name: `${literal(title)}-\${var.stage_name}-${id}`,
    alarm_description: description,
    namespace: 'AWS/ApiGateway',
    metric_name: metric,
    dimensions: { ApiName: literal(title), Stage: STAGE_NAME },
    ...('plain' in statistic ? { statistic: statistic.plain } : { extended_statistic: statistic.extended }),
    period: ALARM_PERIOD,
    evaluation_periods: ALARM_PERIODS,
    comparison_operator: 'GreaterThanThreshold',
    threshold,
    treat_missing_data: 'notBreaching',
    alarm_actions: '${var.alarm_topic_arns}',
  };
}

const snake = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
