import { EXTENSION } from '../../infra/built.ts';

/** Where cucumber finds the steps; the one list for runs, the command line and the editor. */
export const SUPPORT_FILES = [
  `support/world${EXTENSION}`,
  `support/hooks${EXTENSION}`,
  `support/parameter-types${EXTENSION}`,
  `steps/**/*${EXTENSION}`,
] as const;
