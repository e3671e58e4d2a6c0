import { isKinesis, LENT } from '../left-out.ts';
import type { IntegrationPart, IntegrationResponsePart } from './assemble.ts';
import type { Instance } from './document.ts';
import { isUnknown, type Path } from './expressions.ts';
import { number, optionalText, type Reading, requiredText, text, texts } from './reading.ts';
import { failure, type Wanted } from './references.ts';

const ROLE: Wanted = { aws_iam_role: ['arn'] };
const FUNCTION: Wanted = {
  aws_lambda_function: ['invoke_arn', 'arn', 'qualified_invoke_arn', 'response_streaming_invoke_arn'],
  aws_lambda_alias: ['invoke_arn', 'arn'],
};

/** Why a run cannot deploy an integration; undefined if it can. */
export function whyNot(
  reading: Reading,
  integration: Instance,
): { readonly what: string; readonly why: string; readonly service?: string } | undefined {
  const { references } = reading;
  const type = requiredText(reading, integration, 'type').toUpperCase();
  const connection = optionalText(reading, integration, 'connection_type');
  if (connection === 'VPC_LINK') return { what: 'a VPC link', why: 'a run deploys no VPC links' };
  if (type !== 'AWS' && type !== 'AWS_PROXY') return undefined;
  const link = references.link(integration, ['uri'], FUNCTION);
  const isKnown = link.kind === 'outside' && !isLambda(link.value);
  const isUnclear = link.kind === 'unclear' && link.candidates.length === 0 && type === 'AWS';
  if (link.kind === 'none' || isKnown || isUnclear) return undefined;
  const what =
    link.kind === 'origin' ? `the Lambda function ${link.origin.instance.address}` : 'a Lambda function';
  return { what, why: 'a run deploys no Lambda functions', service: 'lambda' };
}

export const isLambda = (uri: string) => /:lambda:path\//.test(uri);

/** @param roles collects the declared roles that the integrations assume. */
export function readIntegration(
  reading: Reading,
  integration: Instance,
  responses: readonly Instance[],
  roles: Set<Instance>,
): IntegrationPart {
  const type = requiredText(reading, integration, 'type').toUpperCase();
  const uri = text(reading, integration, 'uri');
  const templates = texts(reading, integration, 'request_templates');
  return {
    type,
    uri: uri === undefined || uri === '' ? undefined : reading.names.rewrite(uri),
    httpMethod: text(reading, integration, 'integration_http_method') || undefined,
    credentials: credentialsOf(reading, integration, roles, isKinesis({ uri: uri ?? '' })),
    requestParameters: texts(reading, integration, 'request_parameters'),
    requestTemplates: templates && rewritten(reading, templates),
    passthroughBehavior: optionalText(reading, integration, 'passthrough_behavior') || undefined,
    contentHandling: optionalText(reading, integration, 'content_handling') || undefined,
    timeoutInMillis: number(reading, integration, 'timeout_milliseconds'),
    responses: responses.map((each) => readResponse(reading, each)),
  };
}

function readResponse(reading: Reading, response: Instance): IntegrationResponsePart {
  return {
    statusCode: requiredText(reading, response, 'status_code'),
    selectionPattern: text(reading, response, 'selection_pattern') || undefined,
    responseParameters: texts(reading, response, 'response_parameters'),
    responseTemplates: texts(reading, response, 'response_templates'),
    contentHandling: optionalText(reading, response, 'content_handling') || undefined,
  };
}

const rewritten = ({ names }: Reading, map: Record<string, string>) =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, names.rewrite(value)]));

function credentialsOf(
  reading: Reading,
  integration: Instance,
  roles: Set<Instance>,
  isForKinesis: boolean,
): string | undefined {
  const { references, names, context } = reading;
  const link = references.link(integration, ['credentials'], ROLE);
  if (link.kind === 'none') return undefined;
  if (link.kind === 'unclear') {
    if (isForKinesis) throw failure(context.file, integration, ['credentials'], link.cause);
    // The run lends its own role, whatever the ARN.
    return `arn:${context.partition}:iam::${context.accountId}:role/${context.stackName}`;
  }
  const role = roleAt(reading, integration, ['credentials']);
  if (role === undefined) {
    const value = link.kind === 'outside' ? link.value : '';
    if (!value.includes(':user/')) foreignRole(reading, `${integration.address}.credentials`);
    return names.rewrite(value);
  }
  if (isForKinesis) roles.add(role);
  return names.arnOf(role);
}

/** The declared role to which an attribute refers, or whose ARN it contains. */
export function roleAt(reading: Reading, instance: Instance, path: Path): Instance | undefined {
  const link = reading.references.link(instance, path, ROLE);
  if (link.kind === 'origin') return link.origin.instance;
  return link.kind === 'outside' ? roleByArn(reading, reading.names.rewrite(link.value)) : undefined;
}

/** Notes that something left out calls a service under the role of an attribute. */
export function noteCall(reading: Reading, service: string, instance: Instance, path: Path): void {
  const role = roleAt(reading, instance, path);
  if (role) noteServices(reading, role, service);
}

export function noteServices({ otherServices }: Reading, role: Instance, service: string): void {
  otherServices.set(role, (otherServices.get(role) ?? new Set()).add(service));
}

/** The declared role with a literal ARN. */
export function roleByArn({ file, names }: Reading, arn: string): Instance | undefined {
  return (file.byType.get('aws_iam_role') ?? []).find(
    (role) => !isUnknown(role, ['name']) && names.arnOf(role) === arn,
  );
}

export function foreignRole({ leftOut }: Reading, place: string): void {
  const known = leftOut.findIndex((each) => each.what === LENT && each.why === OUTSIDE);
  const before = leftOut[known];
  if (before) leftOut[known] = { ...before, place: `${before.place}, ${place}` };
  else leftOut.push({ what: LENT, place, why: OUTSIDE });
}

const OUTSIDE = 'the file does not declare the role, which SAFE-16 therefore does not judge';
