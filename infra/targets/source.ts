import type { Target } from './target.ts';

/** Where behaviour was observed: on AWS itself, on this project's embedded AWS, or on another emulator. */
export const SOURCES = ['aws', 'simulation', 'emulator'] as const;
export type Source = (typeof SOURCES)[number];

/** What a target's answers are evidence of. A rehearsal is evidence of the endpoint that it used, not of AWS. */
export function sourceOf({ kind, access, behaves, name }: Target): Source {
  if (kind === 'aws' && access.endpoint === undefined) return 'aws';
  if (kind === 'url' && behaves === 'url') return 'aws';
  return kind === 'embedded' || /(?:embedded|simulated) AWS/.test(name) ? 'simulation' : 'emulator';
}
