export interface AwsManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly description: string;
  /** The document. */
  readonly text: string;
}

/**
 * The AWS-managed policies that the tutorial attaches, in the words of AWS's Managed Policy Reference Guide. That of
 * the logs comes with the console's use case for roles of API Gateway, so that roles made today have it too.
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
