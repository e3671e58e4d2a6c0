import { randomInt } from 'node:crypto';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

const random = (length: number) =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

/** Ten lower-case base36 characters: the ids of APIs and root resources. */
export const newApiId = () => random(10);
/** Six characters: the ids of resources, deployments, models and request validators. */
export const newId = () => random(6);
