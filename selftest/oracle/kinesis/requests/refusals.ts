import { deserialize } from '../../../../infra/embedded/kinesis/deserialize.ts';
import { isAction, REQUESTS } from '../../../../infra/embedded/kinesis/shapes.ts';
import type { KinesisCase } from './cases.ts';
import type { Outcome } from './outcome.ts';

/** Whether `other` equals `stricter` without one of its constraints. */
export function ignores(other: Outcome, stricter: Outcome, unknown: (text: string) => boolean): boolean {
  if (stricter.type !== 'ValidationException' || !stricter.texts.some(unknown)) return false;
  const constraints = constraintsOf(stricter);
  if (other.type !== 'ValidationException')
    return constraints.every(unknown) && other.type !== 'SerializationException';
  const others = constraintsOf(other);
  return (
    others.every((text) => constraints.includes(text)) &&
    constraints.every((text) => others.includes(text) || unknown(text))
  );
}

/** The constraints that a ValidationException lists; none for any other outcome. */
export function constraintsOf({ type, texts }: Outcome): readonly string[] {
  // The first text counts the constraints.
  return type === 'ValidationException' ? texts.slice(1) : [];
}

/** Why each member of a request is refused, where only that member is invalid. */
export function refusalsAlone({ action, input }: KinesisCase): readonly string[] {
  if (typeof input === 'string' || !isAction(action)) return [];
  return Object.entries(input as object).flatMap(([name, value]) => {
    try {
      deserialize({ [name]: value }, REQUESTS[action]);
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}
