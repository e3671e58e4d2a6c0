import { createHash } from 'node:crypto';
import { partitionOf } from '../partitions.ts';
import type { Json, ReadContext } from './types.ts';

/** The value of a CloudFormation pseudo parameter in a run; undefined for other names and for `AWS::NoValue`. */
export function pseudoParameter(name: string, context: ReadContext): Json | undefined {
  const { region, accountId, partition, stackName } = context;
  switch (name) {
    case 'AWS::Region':
      return region;
    case 'AWS::AccountId':
      return accountId;
    case 'AWS::Partition':
      return partition;
    case 'AWS::URLSuffix':
      return partitionOf(region).dnsSuffix;
    case 'AWS::StackName':
      return stackName;
    case 'AWS::StackId': {
      const hash = createHash('sha256').update(stackName).digest('hex');
      const uuid = hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
      return `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stackName}/${uuid}`;
    }
    case 'AWS::NotificationARNs':
      return [];
    default:
      return undefined;
  }
}

/** The URI by which API Gateway would invoke a Lambda function of the run's account. */
export function lambdaUri(name: string, { region, accountId, partition }: ReadContext): string {
  const lambda = `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
  return `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${lambda}/invocations`;
}
