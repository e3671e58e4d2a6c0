export interface AwsManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly description: string;
  /** The document. */
  readonly text: string;
}

/**
 * The AWS-managed policies that the tutorial attaches, copied from AWS's Managed Policy Reference Guide. The console
 * attaches the one for logs to roles for API Gateway, so new roles have it too.
 */
export const AWS_MANAGED: readonly AwsManagedPolicy[] = [
  {
    name: 'AmazonKinesisFullAccess',
    path: '/',
    description: 'Provides full access to all streams via the AWS Management Console.',
    text: allowing('kinesis:*'),
  },
  {
    name: 'AmazonKinesisReadOnlyAccess',
    path: '/',
    description: 'Provides read only access to all streams via the AWS Management Console.',
    text: allowing(['kinesis:Get*', 'kinesis:List*', 'kinesis:Describe*']),
  },
  {
    name: 'AmazonAPIGatewayPushToCloudWatchLogs',
    path: '/service-role/',
    description: "Allows API Gateway to push logs to user's account.",
    text: allowing([
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:DescribeLogGroups',
      'logs:DescribeLogStreams',
      'logs:PutLogEvents',
      'logs:GetLogEvents',
      'logs:FilterLogEvents',
    ]),
  },
];

function allowing(Action: string | readonly string[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
}
