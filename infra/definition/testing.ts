/** For tests: the context that a run provides, and templates as text. */
import { readDeclaration } from './read.ts';
import type { Declaration, ReadContext } from './types.ts';

export function contextOf(given: Partial<ReadContext> = {}): ReadContext {
  return {
    file: 'template.yaml',
    region: 'eu-west-1',
    partition: 'aws',
    accountId: '123456789012',
    stackName: 'shop',
    parameters: new Map(),
    api: undefined,
    ...given,
  };
}

export function read(text: string, given: Partial<ReadContext> = {}): Declaration {
  return readDeclaration(Buffer.from(text), contextOf(given));
}
