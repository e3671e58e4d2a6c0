import { DefinitionError, SeveralApis } from '../errors.ts';
import { checkMethodsLeft, inWords, MethodsLeftOut } from '../left-out.ts';
import { type Declaration, isObject, type JsonObject, type ReadContext } from '../types.ts';
import { declaredAccess, declaredStage } from './access.ts';
import { checkCycles } from './cycles.ts';
import { declaredRoles } from './iam.ts';
import { describe } from './physical.ts';
import { restApiDocument } from './rest-api.ts';
import { serverlessApiDocument, withGlobals } from './sam.ts';
import { declaredStreams } from './streams.ts';
import { type Resource, Template } from './template.ts';

const SAM = 'AWS::Serverless-2016-10-31';
const TRANSFORMS = [SAM, 'AWS::LanguageExtensions'];
const NESTED = ['AWS::CloudFormation::Stack', 'AWS::Serverless::Application'];

/**
 * Reads a CloudFormation template, including those of SAM, the CDK and the Serverless Framework.
 * @throws UsageError of one line: file, place, cause and remedy.
 */
export function readCloudFormation(document: JsonObject, context: ReadContext): Declaration {
  checkTransforms(document, context.file);
  const template = new Template(document, context);
  checkCycles(template);
  const chosen = chooseApi(template, context.api);
  const isSam = chosen.type === 'AWS::Serverless::Api';
  const api = isSam ? withGlobals(template, chosen) : chosen;
  const left = new MethodsLeftOut();
  const openapi = isSam ? serverlessApiDocument(template, api, left) : restApiDocument(template, api, left);
  checkMethodsLeft(context.file, openapi, left.list());
  // Take the list now: the run can do without what only roles and keys refer to, so it is not reported.
  const foreign = [...template.foreign.values()];
  const draft = { template, api, openapi, left, apiId: String(template.ref(api.id, api.place)) };
  const declaration = {
    form: 'cloudformation' as const,
    openapi,
    ...declaredRoles(template, openapi, left),
    streams: declaredStreams(template, left),
    stage: declaredStage(draft),
    ...declaredAccess(draft),
  };
  for (const { type, id } of template.ofType(...NESTED))
    left.addPart(
      describe(type, id),
      `Resources.${id}`,
      'it is a template of its own, which the run does not deploy',
    );
  template.checkParameters();
  return { ...declaration, leftOut: [...left.list(), ...foreign] };
}

function checkTransforms(document: JsonObject, file: string): void {
  const { Transform: transform = [] } = document;
  for (const entry of Array.isArray(transform) ? transform : [transform]) {
    const name = isObject(entry) ? entry.Name : entry;
    if (TRANSFORMS.includes(String(name))) continue;
    throw new DefinitionError(
      file,
      'Transform',
      `${name} runs only on AWS; give the processed template (aws cloudformation get-template --template-stage Processed)`,
    );
  }
  if (isObject(document.Resources)) return;
  throw new DefinitionError(file, 'Resources', 'the template has none; give one that declares a REST API');
}

function chooseApi(template: Template, wanted: string | undefined): Resource {
  const apis = template.ofType('AWS::ApiGateway::RestApi', 'AWS::Serverless::Api');
  const [first] = apis;
  if (first === undefined) return noApi(template);
  const names = inWords(apis.map(({ id }) => id));
  if (wanted === undefined) {
    if (apis.length === 1) return first;
    throw new SeveralApis(
      `${template.resolver.scope.file}: Resources: it declares ${apis.length} APIs: ${names}; choose one with --api NAME`,
      apis.map(({ id }) => id),
    );
  }
  const found =
    apis.find(({ id }) => id === wanted) ?? apis.find((api) => template.textProperty(api, 'Name') === wanted);
  return (
    found ??
    template.resolver.fail('Resources', `it does not declare an API ${wanted}, only ${names}; correct --api`)
  );
}

function noApi(template: Template): never {
  const [nested] = template.ofType(...NESTED);
  if (nested)
    return template.resolver.fail(
      `Resources.${nested.id}`,
      'the template declares no REST API, and nested stacks are not read; give the nested template itself',
    );
  if (template.ofType('AWS::ApiGatewayV2::Api', 'AWS::Serverless::HttpApi').length > 0)
    return template.resolver.fail(
      'Resources',
      'the template declares an HTTP or WebSocket API only; a REST API is needed (AWS::ApiGateway::RestApi)',
    );
  if (template.ofType('AWS::ApiGateway::Method').length > 0)
    return template.resolver.fail(
      'Resources',
      'the template adds methods to an API of another stack; give a template that declares the AWS::ApiGateway::RestApi too',
    );
  return template.resolver.fail(
    'Resources',
    'the template declares no REST API; give one with an AWS::ApiGateway::RestApi or AWS::Serverless::Api',
  );
}
