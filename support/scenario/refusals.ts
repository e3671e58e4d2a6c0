import type { Attempt } from './offered.ts';
import { MAX_BATCH } from './production.ts';

const ACCOUNT = /\b\d{12}\b/;
const TYPE = /^[A-Za-z][\w.#-]*$/;

/** An error's type has a member of its own: one word, not a sentence. */
export function hasType({ answer }: Attempt): boolean {
  const words = (value: unknown, depth: number): boolean => {
    if (typeof value === 'string') return TYPE.test(value) && value.length > 2;
    if (typeof value !== 'object' || value === null || depth === 0) return false;
    return Object.values(value).some((member) => words(member, depth - 1));
  };
  return typeof answer.json === 'object' && words(answer.json, 2);
}

/** @returns what an error tells that is nobody's business; empty where it tells nothing. */
export function givesAway({ answer }: Attempt, roleNames: readonly string[]): string[] {
  return [
    ...(ACCOUNT.test(answer.text) ? ['an account id'] : []),
    ...(/arn:aws[\w-]*:/.test(answer.text) ? ['an ARN'] : []),
    ...roleNames.filter((name) => answer.text.includes(name)).map((name) => `the role ${name}`),
    ...(/\$input|\$util|#set\(/.test(answer.text) ? ['text of a template'] : []),
  ];
}

/** @returns whether an answer says of some records of a batch, and not of others, that they failed. */
export function tellsWhichFailed({ answer }: Attempt): boolean {
  const lists: unknown[][] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) lists.push(value);
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  walk(answer.json);
  return lists.some((list) => {
    const isPositions = list.length > 0 && list.every((item) => Number.isInteger(item));
    const shapes = new Set(list.map((item) => shapeOf(item)));
    return isPositions || (list.length === MAX_BATCH && shapes.size > 1);
  });
}

/** The members of an object that are not empty. */
function shapeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value)
    .filter(([, member]) => member !== null && member !== '')
    .map(([name]) => name)
    .sort()
    .join(' ');
}
