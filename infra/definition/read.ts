import { createRequire } from 'node:module';
import { EXTENSION } from '../built.ts';
import { UsageError } from '../errors.ts';
import { BY_POLICY, limitOnCallers } from './callers.ts';
import { DefinitionError, NothingToDeploy, SeveralApis } from './errors.ts';
import { integrationsIn } from './integrations.ts';
import { inWords, isKinesis } from './left-out.ts';
import { isOpenApi, readOpenApi } from './openapi.ts';
import { isTerraform } from './terraform/document.ts';
import { readDocument } from './text.ts';
import type { Declaration, Form, JsonObject, LeftOut, ReadContext } from './types.ts';

/** Loads modules that most runs do not need only on demand. */
const require = createRequire(import.meta.url);
function load<Module>(path: string): Module {
  return require(path.replace(/\.ts$/, EXTENSION)) as Module;
}

type Reader = (document: JsonObject, context: ReadContext) => Declaration;

const READERS: Readonly<Record<Form, Reader>> = {
  openapi: readOpenApi,
  cloudformation: (...file) =>
    load<typeof import('./cloudformation/read.ts')>('./cloudformation/read.ts').readCloudFormation(...file),
  terraform: (...file) =>
    load<typeof import('./terraform/read.ts')>('./terraform/read.ts').readTerraform(...file),
};

/**
 * Reads an API definition in any of the supported forms. The content decides the form, never the file's name.
 * @throws UsageError of one line: file, place, cause and remedy.
 */
export function readDeclaration(bytes: Buffer, context: ReadContext): Declaration {
  return declarationOf(readDocument(bytes, context.file), context);
}

/**
 * Does the same for an already parsed document, which becomes a part of the result.
 * @throws UsageError of one line: file, place, cause and remedy.
 */
export function declarationOf(document: JsonObject, context: ReadContext): Declaration {
  const form = formOf(document, context.file);
  const parameters = new Asked(context.parameters);
  const found = withCallers(read(document, READERS[form], { ...context, parameters }));
  const declaration = context.isDeployed ? found : withStage(found, parameters);
  const [unused] = parameters.unasked();
  if (unused === undefined) return declaration;
  const remedy =
    form === 'terraform'
      ? 'a plan already contains its values; set variables when you make the plan'
      : 'correct the name, or leave it out';
  throw new DefinitionError(context.file, '', `--parameter ${unused} is not used; ${remedy}`);
}

/** `$stageVariables.name`, `${stageVariables.name}`, and the same by `get` or in brackets, in JSON. */
const STAGE_VARIABLE = /stageVariables(?:(?:\.get\(|\[)(?:\\"|')(\w+)|\.(\w+)\b(?!\())/g;

/**
 * Where a file has no stage, its run makes one. Its variables get the user's values, or else their own names: any of these
 * may be the name of a stream.
 */
function withStage(declaration: Declaration, parameters: ReadonlyMap<string, string>): Declaration {
  if (declaration.stage !== undefined) return declaration;
  const read = [...JSON.stringify(declaration.openapi).matchAll(STAGE_VARIABLE)];
  const names = [...new Set(read.map(([, quoted, plain]) => quoted ?? plain ?? ''))];
  if (names.length === 0) return declaration;
  const variables = Object.fromEntries(names.map((name) => [name, parameters.get(name) ?? name]));
  const open = names.filter((name) => !parameters.has(name));
  const leftOut = open.map((name) => ({
    what: `the value of the stage variable ${name}`,
    place: `$stageVariables.${name}`,
    why: `the file has no stage; a run takes ${name}, give another with --parameter ${name}=VALUE`,
  }));
  return {
    ...declaration,
    stage: { name: '', variables },
    leftOut: [...declaration.leftOut, ...leftOut],
  };
}

/** Says what limits the callers of an API, which a run does not deploy. */
function withCallers(declaration: Declaration): Declaration {
  const { form, openapi, leftOut } = declaration;
  const limitsCallers = declaration.limitsCallers ?? limitOnCallers(openapi);
  if (limitsCallers === undefined) return declaration;
  const why =
    limitsCallers === BY_POLICY ? 'it would turn the run away as well' : 'a run calls the API at its own URL';
  const entry: LeftOut = { what: limitsCallers, place: 'the API', why };
  const isListed = form === 'terraform' && limitsCallers === BY_POLICY;
  return { ...declaration, limitsCallers, leftOut: isListed ? leftOut : [...leftOut, entry] };
}

/** Of several APIs, of which the user chose none, the only one that calls Kinesis. */
function read(document: JsonObject, reader: Reader, context: ReadContext): Declaration {
  try {
    return reader(document, context);
  } catch (error) {
    if (!(error instanceof SeveralApis)) throw error;
    const calling = error.apis.flatMap((api) => {
      const declaration = candidate(structuredClone(document), reader, { ...context, api });
      if (declaration === 'unreadable') throw error;
      return declaration === undefined ? [] : [{ api, declaration }];
    });
    const [only] = calling;
    if (only === undefined || calling.length > 1) throw error;
    const { api, declaration } = only;
    const others = error.apis.filter((one) => one !== api);
    const leftOut: LeftOut = {
      what: `the API${others.length === 1 ? '' : 's'} ${inWords(others)}`,
      place: others[0] ?? '',
      why: `only ${api} calls Kinesis; --api NAME takes another`,
    };
    return { ...declaration, leftOut: [leftOut, ...declaration.leftOut] };
  }
}

/**
 * One API of several; undefined if it does not call Kinesis. One that cannot be read only matters once it is selected.
 */
function candidate(
  document: JsonObject,
  reader: Reader,
  context: ReadContext,
): Declaration | 'unreadable' | undefined {
  try {
    const declaration = reader(document, context);
    return callsKinesis(declaration.openapi) ? declaration : undefined;
  } catch (error) {
    if (error instanceof NothingToDeploy) return undefined;
    if (error instanceof UsageError) return 'unreadable';
    throw error;
  }
}

function callsKinesis(openapi: JsonObject): boolean {
  return integrationsIn(openapi).some(isKinesis);
}

/** A map that records which of its keys were read. */
class Asked extends Map<string, string> {
  readonly #asked = new Set<string>();

  override get(name: string): string | undefined {
    this.#asked.add(name);
    return super.get(name);
  }

  override has(name: string): boolean {
    this.#asked.add(name);
    return super.has(name);
  }

  unasked(): string[] {
    return [...this.keys()].filter((name) => !this.#asked.has(name));
  }
}

function formOf(document: JsonObject, file: string): Form {
  if (isOpenApi(document)) return 'openapi';
  if (isTerraform(document)) return 'terraform';
  if ('Resources' in document || 'AWSTemplateFormatVersion' in document || 'Transform' in document)
    return 'cloudformation';
  throw new DefinitionError(
    file,
    '',
    'it is neither OpenAPI 2 or 3, nor a CloudFormation template, nor terraform show -json; give one of these',
  );
}
