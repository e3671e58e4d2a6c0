import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { GatewayError } from '../../embedded/apigateway/dataplane/gateway-error.ts';
import { serviceRequest } from '../../embedded/apigateway/dataplane/integration-request.ts';
import type { MappingSources } from '../../embedded/apigateway/dataplane/parameter-mapping.ts';
import { payloadOf } from '../../embedded/apigateway/dataplane/payload.ts';
import { bounded, threadMillis } from '../../embedded/apigateway/dataplane/work.ts';
import type { Integration } from '../../embedded/apigateway/model.ts';
import { isObject, type Json, type JsonObject } from '../types.ts';
import { contextOf } from './discover.ts';
import type { Sample } from './sample.ts';

/** What a method sends to Kinesis for a client's request. */
export interface Rendered {
  readonly action: string;
  /** The request to Kinesis; unquoted values that are not JSON become strings that begin with `UNQUOTED`. */
  readonly request: JsonObject;
  readonly text: string;
}

/** A rendering that Kinesis would not understand. */
export interface Broken {
  readonly broken: string;
  readonly action?: string;
  /** The rendered text, if any. */
  readonly text?: string;
}

/** The integration and the settings for rendering it. */
export interface Rendering {
  readonly integration: Integration;
  readonly method: string;
  readonly contentType: string;
  /** Media types that the gateway treats as binary: a template sees their bodies as base64, or not at all. */
  readonly binaryMediaTypes: readonly string[];
  /** Shared by all renderings of one method. */
  readonly budget: Budget;
}

/**
 * Limits the total time for the renderings of one method, or of a whole definition, so that slow templates are not
 * rendered again and again.
 */
export class Budget {
  readonly #whole: Budget | undefined;
  #left: number;
  /** This thread's CPU time when it was last read. */
  #cpu = threadMillis();

  /** @param whole the budget of which this is one method's share. */
  constructor(whole?: Budget) {
    this.#whole = whole;
    this.#left = whole === undefined ? MAX_MILLIS_OF_ALL : MAX_MILLIS;
  }

  get isSpent(): boolean {
    return this.#left <= 0 || this.#whole?.isSpent === true;
  }

  #spend(millis: number): void {
    this.#left -= millis;
    if (this.#whole) this.#whole.#spend(millis);
  }

  run<T>(work: () => T): T {
    const started = performance.now();
    try {
      return bounded('Unable to render', SAMPLE_CHARACTERS, undefined, work);
    } finally {
      this.#spend(this.#used(performance.now() - started));
    }
  }

  /** On a busy machine more time passes than the work takes; to read the CPU time takes as long as a brief rendering. */
  #used(passed: number): number {
    if (passed < BRIEF_MILLIS) return passed;
    const before = this.#cpu;
    this.#cpu = threadMillis();
    return Math.min(passed, this.#cpu - before);
  }
}

const BRIEF_MILLIS = 5;
const MAX_MILLIS = 2_000;
const MAX_MILLIS_OF_ALL = 10_000;
/** Longer than any sample. */
const SAMPLE_CHARACTERS = 10_000;

export const UNQUOTED = '\u0001unquoted:';
const TARGET = /^Kinesis_\d+\.(\w+)$/;

/** Renders a request with the mapping engine of the embedded gateway, without validating it. */
export function renderRequest(
  { integration, method, contentType, binaryMediaTypes, budget }: Rendering,
  sample: Sample,
  strict = false,
): Rendered | Broken {
  if (budget.isSpent)
    return { broken: `its template takes too long to render, more than ${MAX_MILLIS / 1000} s` };
  try {
    const sources = sourcesOf(method, contentType, sample, binaryMediaTypes);
    const sent = budget.run(() => serviceRequest(integration, sources, { restApiId: 'api', traceId: '' }));
    const target = sent.headers.find(([name]) => name.toLowerCase() === 'x-amz-target')?.[1];
    const named = sent.query.find(([name]) => name === 'Action')?.[1];
    const action = TARGET.exec(target ?? '')?.[1] ?? named ?? '';
    const text = sent.body.toString();
    const request = requestOf(text, strict);
    if (request === undefined)
      return { broken: `what it renders is not a JSON object: ${shortened(text)}`, action, text };
    return { action, request, text };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const [line = error.message] = error.details.log ?? [];
    return { broken: line.replace(/^Execution failed due to configuration error: /, '') };
  }
}

export function isBroken<T extends object>(rendered: T | Broken): rendered is Broken {
  return 'broken' in rendered;
}

export function sourcesOf(
  method: string,
  contentType: string,
  sample: Sample,
  binaryMediaTypes: readonly string[],
): MappingSources {
  const of = (place: string) =>
    [...sample.params]
      .filter(([name]) => name.startsWith(`${place}:`))
      .map(([name, value]) => [name.slice(place.length + 1), value] as const);
  const multi = (place: string) => new Map(of(place).map(([name, value]) => [name, [value]] as const));
  return {
    request: {
      httpMethod: method,
      path: '/',
      pathParameters: new Map(of('path')),
      query: multi('query'),
      headers: multi('header'),
      body: payloadOf(Buffer.from(sample.bodyText), contentType, binaryMediaTypes),
      contentType,
      accept: undefined,
    },
    stageVariables: sample.stageVariables,
    context: contextOf(sample.context),
  };
}

function requestOf(text: string, strict: boolean): JsonObject | undefined {
  const value = parsed(text) ?? (strict ? undefined : (parsed(quoted(text)) ?? punctuated(quoted(text))));
  return isObject(value) ? value : undefined;
}

/**
 * Parses without stack traces, which cost more than the parsing: in the search for weak points most texts are not JSON.
 */
function parsed(text: string): Json | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/**
 * Corrects missing and extra commas in JSON. The intended request of a loop that prints them wrong is derived, so that
 * the run makes its calls and sees them fail.
 */
function punctuated(text: string): Json | undefined {
  const errors: ParseError[] = [];
  const value = parse(text, errors, { allowTrailingComma: true, disallowComments: true }) as Json;
  return errors.every(({ error }) => printParseErrorCode(error) === 'CommaExpected') ? value : undefined;
}

/** What is wrong with the commas of a rendered request; undefined if nothing is. */
export function punctuationOf(text: string): string | undefined {
  if (parsed(quoted(text)) !== undefined || punctuated(quoted(text)) === undefined) return undefined;
  const errors: ParseError[] = [];
  parse(quoted(text), errors, { allowTrailingComma: true, disallowComments: true });
  return errors.length > 0 ? 'lacks a comma' : 'has a comma behind the last one';
}

/** Quotes unquoted values that are not JSON: markers in place of numbers. */
function quoted(text: string): string {
  return text.replace(TOKEN, (token, bare: string | undefined) =>
    bare === undefined || BARE_JSON.test(bare) ? token : JSON.stringify(UNQUOTED + bare),
  );
}

const TOKEN = /"(?:[^"\\]|\\[\s\S])*"|([^\s{}[\],:"]+)/g;
const BARE_JSON = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
