import { MAX_LISTED_PROBLEMS, validation } from './errors.ts';
import type { Member, Members, Shape } from './shapes.ts';

/**
 * Throws ValidationException with all constraints that a request violates, at most ten (docs/facts/kinesis.md#errors).
 */
export function validate(input: Readonly<Record<string, unknown>>, members: Members): void {
  const problems = [...structureProblems(input, members, '').take(MAX_LISTED_PROBLEMS)];
  if (problems.length > 0) throw validation(problems);
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
  // Format only invalid values: most values are valid, and some are a mebibyte long.
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
    case 'Blob': {
      // Errors do not repeat data (docs/facts/kinesis.md#record-size).
      const unsaid = (constraint: string) => problem(undefined, path, constraint);
      yield* lengthProblems(Buffer.byteLength(value as string, 'base64'), shape, unsaid);
      return;
    }
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

/** A regular expression that matches a shape's pattern against a whole text; each is compiled once. */
function wholly(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(`^(?:${pattern})$`);
  patterns.set(pattern, known);
  return known;
}

/** @param text the value as AWS's Java prints it; null if the value is missing, undefined to leave it out. */
export function problem(text: string | null | undefined, path: string, constraint: string): string {
  const value = text === undefined ? '' : text === null ? 'null ' : `'${text}' `;
  return `Value ${value}at '${path}' failed to satisfy constraint: ${constraint}`;
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
