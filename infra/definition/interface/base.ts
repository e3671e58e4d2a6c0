import { isAction, membersOf } from '../../embedded/kinesis/shapes.ts';
import { comparedLiterals } from './discover.ts';
import { type Declared, type Inputs, numberOf } from './inputs.ts';
import { Matcher, memberText } from './match.ts';
import { type Broken, isBroken, type Rendered, type Rendering, renderRequest } from './rendering.ts';
import { type Sample, stepsOf } from './sample.ts';
import { buildBody, OTHER, type Shape } from './shape.ts';
import type { Asked } from './trace.ts';
import type { Place } from './types.ts';

/** What the gateway's engine needs to render a method's request. */
export interface Source extends Rendering {
  readonly declared: Declared;
  readonly stageVariables: Readonly<Record<string, string>>;
  /** The template to render; undefined if the body is passed to Kinesis unchanged. */
  readonly template: string | undefined;
  /** Whether a validator demands the input of that name. */
  isDemanded(name: string): boolean;
}

/** The rendering with which all others are compared, and the input values that it needs. */
export interface Base {
  readonly given: ReadonlyMap<string, string>;
  /** The names of the inputs that the template treats as numbers. */
  readonly numbers: ReadonlySet<string>;
  readonly sample: Sample;
  readonly rendered: Rendered;
}

/**
 * The first rendering that is a valid request: with all inputs as markers, some as numbers, or one at a value that the
 * template compares it with.
 */
export function baseOf(source: Source, inputs: Inputs): Base | Broken {
  const attempt = (given: ReadonlyMap<string, string>, numbers: ReadonlySet<string>): Base | Broken => {
    const sample = inputs.sample(
      '1',
      (name, marker) => given.get(name) ?? (numbers.has(name) ? numberOf(marker) : marker),
    );
    const rendered = renderRequest(source, sample);
    return isBroken(rendered) ? rendered : { given, numbers, sample, rendered };
  };
  const none = { given: new Map<string, string>(), numbers: new Set<string>() };
  const first = attempt(none.given, none.numbers);
  if (!('broken' in first)) return first;
  const sets = [...inputs.names.map((name) => [name]), inputs.names];
  const others = [
    ...sets.map((names) => ({ ...none, numbers: new Set(names) })),
    ...comparedLiterals(source.template ?? '').flatMap((literal) =>
      inputs.names.map((name) => ({ ...none, given: new Map([[name, literal]]) })),
    ),
  ];
  for (const { given, numbers } of others.slice(0, MAX_ATTEMPTS)) {
    const other = attempt(given, numbers);
    if (!('broken' in other)) return other;
  }
  return first;
}

const MAX_ATTEMPTS = 60;

/** Adds all of Kinesis's members where the client's JSON is passed on unchanged. @returns whether any was added. */
export function extend(asked: Asked, { sample, rendered }: Base, inputs: Inputs): boolean {
  const { root } = asked;
  const before = leavesOf(root);
  if (Object.hasOwn(rendered.request, OTHER)) {
    root.become('object');
    const members = isAction(rendered.action) ? membersOf(rendered.action, false) : {};
    for (const name of Object.keys(members)) {
      if (name === 'Records') becomeRecords(root.member(name));
      else root.member(name).become('text');
    }
  }
  const { Records: records } = rendered.request;
  if (typeof records === 'string') {
    const [part] = new Matcher(sample, inputs).parts(memberText(records).text);
    const place = Array.isArray(part) ? (part as readonly Place[])[0] : undefined;
    if (place !== undefined && 'from' in place && place.from === 'body')
      becomeRecords(stepsOf(place.at).reduce((shape, step) => shape.member(step), root));
  }
  return leavesOf(root) !== before;
}

function becomeRecords(shape: Shape): void {
  shape.become('list');
  shape.item.become('object');
  for (const name of ['Data', 'PartitionKey', 'ExplicitHashKey']) shape.item.member(name).become('text');
}

function leavesOf(root: Shape): string {
  return buildBody(root, () => '')
    .leaves.map(({ pattern }) => pattern)
    .join('\n');
}
