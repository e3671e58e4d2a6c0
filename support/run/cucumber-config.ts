/** Where cucumber finds the steps; the one list for runs, the command line and the editor. */
export const SUPPORT_FILES = [
  'support/world.ts',
  'support/hooks.ts',
  'support/parameter-types.ts',
  'steps/**/*.ts',
] as const;
