import { randomInt } from 'node:crypto';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

const random = (length: number) =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

/** Ten lower-case base36 characters, as API ids and root resources have. */
export const newApiId = () => random(10);
/** Six, as resources, deployments, models and request validators have. */
export const newId = () => random(6);
