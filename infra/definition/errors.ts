import { UsageError } from '../errors.ts';

/** What a file says that cannot be read or resolved, in one line: the file, the place in it, the cause and the remedy. */
export class DefinitionError extends UsageError {
  /** Cause and remedy, without file and place. */
  readonly reason: string;

  /** @param place such as `Resources.Api.Properties.Name`; empty for the file as a whole. */
  constructor(file: string, place: string, reason: string) {
    super(
      [file, place, reason]
        .filter(Boolean)
        .join(': ')
        .replace(/\s*\n\s*/g, ' '),
    );
    this.reason = reason;
  }
}
