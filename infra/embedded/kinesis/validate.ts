import { validation } from './errors.ts';
import type { Member, Members, Shape } from './shapes.ts';

const MOST_ERRORS_LISTED = 10;

/** Throws ValidationException with every constraint a request breaks, at most ten of them (facts 4.3). */
export function validate(input: Readonly<Record<string, unknown>>, members: Members): void {
  const problems = [...structureProblems(input, members, '').take(MOST_ERRORS_LISTED)];
  if (problems.length === 0) return;
  const noun = problems.length === 1 ? 'error' : 'errors';
  throw validation(`${problems.length} validation ${noun} detected: ${problems.join('; ')}`);
}

function* structureProblems(
  value: Readonly<Record<string, unknown>>,
  members: Members,
  prefix: string,
): Generator<string> {
  for (const [name, member] of Object.entries(members)) {
    const path = `${prefix}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    if (value[name] === undefined) {
      if (isRequired(member, value)) yield problem(null, path, 'Member must not be null');
    } else {
      yield* problems(value[name], member, path);
    }
  }
}

function isRequired(member: Member, siblings: Readonly<Record<string, unknown>>): boolean {
  return (
    member.required === true ||
    (member.requiredWithout !== undefined && siblings[member.requiredWithout] === undefined)
  );
}

function* problems(value: unknown, shape: Shape, path: string): Generator<string> {
  // A text is made only of what is wrong: most values are right, and some are a mebibyte long.
  const wrong = (constraint: string) => problem(describe(value, shape), path, constraint);
  switch (shape.type) {
    case 'String': {
      const string = value as string;
      if (shape.pattern !== undefined && !wholly(shape.pattern).test(string)) {
        yield wrong(`Member must satisfy regular expression pattern: ${shape.pattern}`);
      }
      if (shape.values !== undefined && !shape.values.includes(string)) {
        yield wrong(`Member must satisfy enum value set: [${shape.values.join(', ')}]`);
      }
      yield* lengthProblems(string.length, shape, wrong);
      return;
    }
    case 'Integer': {
      const number = value as number;
      if (shape.min !== undefined && number < shape.min) {
        yield wrong(`Member must have value greater than or equal to ${shape.min}`);
      }
      if (shape.max !== undefined && number > shape.max) {
        yield wrong(`Member must have value less than or equal to ${shape.max}`);
      }
      return;
    }
    case 'Blob':
      yield* lengthProblems(Buffer.byteLength(value as string, 'base64'), shape, wrong);
      return;
    case 'List': {
      const list = value as unknown[];
      yield* lengthProblems(list.length, shape, wrong);
      if (shape.memberLength !== undefined && !list.every(isWithin(shape.memberLength))) {
        yield wrong(`Member must satisfy constraint: ${lengthConstraint(shape.memberLength)}`);
      }
      for (const [index, member] of list.entries()) {
        const memberPath = `${path}.${index + 1}.member`;
        if (member === null) yield problem(null, memberPath, 'Member must not be null');
        else yield* problems(member, shape.member, memberPath);
      }
      return;
    }
    case 'Map': {
      const map = value as Record<string, unknown>;
      yield* lengthProblems(Object.keys(map).length, shape, wrong);
      if (!Object.keys(map).every(isWithin(shape.keyLength))) {
        yield wrong(`Map keys must satisfy constraint: ${lengthConstraint(shape.keyLength)}`);
      }
      if (!Object.values(map).every(isWithin(shape.valueLength))) {
        yield wrong(`Map value must satisfy constraint: ${lengthConstraint(shape.valueLength)}`);
      }
      return;
    }
    case 'Structure':
      yield* structureProblems(value as Record<string, unknown>, shape.members, `${path}.`);
  }
}

function* lengthProblems(
  length: number,
  { min, max }: { min?: number; max?: number },
  wrong: (constraint: string) => string,
): Generator<string> {
  if (min !== undefined && length < min) {
    yield wrong(`Member must have length greater than or equal to ${min}`);
  }
  if (max !== undefined && length > max) {
    yield wrong(`Member must have length less than or equal to ${max}`);
  }
}

const patterns = new Map<string, RegExp>();

/** The pattern of a shape, for the whole of a text; each is compiled once. */
function wholly(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(`^(?:${pattern})$`);
  patterns.set(pattern, known);
  return known;
}

function problem(text: string | null, path: string, constraint: string): string {
  return `Value ${text === null ? 'null' : `'${text}'`} at '${path}' failed to satisfy constraint: ${constraint}`;
}

function isWithin([min, max]: readonly [number, number]): (text: unknown) => boolean {
  return (text) => typeof text === 'string' && text.length >= min && text.length <= max;
}

function lengthConstraint([min, max]: readonly [number, number]): string {
  return `[Member must have length less than or equal to ${max}, Member must have length greater than or equal to ${min}]`;
}

/** A value as AWS's Java prints it. */
function describe(value: unknown, shape: Shape): string {
  switch (shape.type) {
    case 'Blob': {
      const bytes = Buffer.byteLength(value as string, 'base64');
      return `java.nio.HeapByteBuffer[pos=0 lim=${bytes} cap=${bytes}]`;
    }
    case 'List':
      return `[${(value as unknown[]).map((member) => shape.memberText ?? String(member)).join(', ')}]`;
    case 'Map':
      return `{${Object.entries(value as object)
        .map(([key, member]) => `${key}=${member}`)
        .join(', ')}}`;
    default:
      return String(value);
  }
}
