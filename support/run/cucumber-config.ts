import { EXTENSION } from '../../infra/built.ts';

/** The paths of the step definitions, used by runs, the command line and the editor. */
export const SUPPORT_FILES = [
  `support/world${EXTENSION}`,
  `support/hooks${EXTENSION}`,
  `support/parameter-types${EXTENSION}`,
  `steps/**/*${EXTENSION}`,
] as const;
