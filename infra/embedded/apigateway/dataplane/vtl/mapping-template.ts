import { badBody, configurationError } from '../gateway-error.ts';
import { JsonPathError } from '../jsonpath.ts';
import { lastValues } from '../method-request.ts';
import type { MappingSources } from '../parameter-mapping.ts';
import { terminable } from '../work.ts';
import { render } from './evaluator.ts';
import { BodyNotJson, createInput } from './input.ts';
import { TemplateError } from './scanner.ts';
import { util } from './util.ts';

/**
 * Renders a mapping template with its variables `$input`, `$context`, `$stageVariables` and `$util`. In a response
 * template the parameters stay those of the method request.
 *
 * @throws GatewayError 400 if a request template reads parts of a body that is not JSON; 500 if it cannot be rendered.
 */
export function renderMapping(
  template: string,
  body: string,
  { request, context, stageVariables }: MappingSources,
  direction: 'request' | 'response',
): string {
  const params = {
    path: request.pathParameters,
    querystring: lastValues(request.query),
    header: lastValues(request.headers),
  };
  const run = () =>
    render(template, {
      input: createInput(body, params),
      context,
      stageVariables: new Map(Object.entries(stageVariables)),
      util,
    });
  try {
    return searchesOften(template) ? terminable(run) : run();
  } catch (error) {
    if (error instanceof BodyNotJson && direction === 'request') throw badBody(error.message);
    if (UNRENDERABLE.some((kind) => error instanceof kind)) {
      throw configurationError(`Unable to transform ${direction}: ${(error as Error).message}`);
    }
    throw error;
  }
}

/**
 * Whether a template may search for many patterns that backtrack. Each search limits its own time (`pattern.ts`), which for
 * many costs more than one limit for the whole template, and for none is free.
 */
function searchesOften(template: string): boolean {
  const searches = template.replace(LINEAR_SEARCHES, '').match(SEARCHES)?.length ?? 0;
  return searches > MAX_SEARCHES || (searches > 0 && LOOPS.test(template));
}

const MAX_SEARCHES = 50;

const LOOPS = /#\{?(?:foreach|macro)\b/;
const SEARCHES = /matches|replaceAll|replaceFirst|split|=~/g;
/** A literal pattern without quantifier, group or alternative cannot backtrack. */
const LINEAR_SEARCHES =
  /\.(?:matches|replaceAll|replaceFirst|split)\(\s*(?:"[^"*+?{(|[$#]*"|'[^'*+?{(|[]*')\s*[,)]/g;

/** RangeError: the data is nested too deep for the stack. */
const UNRENDERABLE = [TemplateError, JsonPathError, BodyNotJson, RangeError] as const;
