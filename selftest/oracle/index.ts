import type { Oracle } from './report.ts';

/** Every oracle by name, in the order in which `npm run oracle` runs them; each is loaded when it runs. */
export const ORACLES: Readonly<Record<string, () => Promise<Oracle>>> = {
  templates: async () => (await import('./templates/templates.ts')).templates,
  validation: async () => (await import('./validation/validation.ts')).validation,
  signatures: async () => (await import('./signatures/signatures.ts')).signatures,
  recorded: async () => (await import('./recorded/recorded.ts')).recorded,
  kinesis: async () => (await import('./kinesis/kinesis.ts')).kinesis,
  'java-sdk': async () => (await import('./sdks/java-sdk.ts')).javaSdk,
  'python-sdk': async () => (await import('./sdks/python-sdk.ts')).pythonSdk,
};
