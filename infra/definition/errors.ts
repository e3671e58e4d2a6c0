import { UsageError } from '../errors.ts';

/** A file cannot be read or resolved. The message is one line: the file, the place in it, the cause and the remedy. */
export class DefinitionError extends UsageError {
  /** The cause and the remedy, without file and place. */
  readonly reason: string;

  /** @param place such as `Resources.Api.Properties.Name`; empty for the whole file. */
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

/** The API has no method that a run deploys. */
export class NothingToDeploy extends DefinitionError {}

/** The file has several APIs, and `--api` names none. */
export class SeveralApis extends UsageError {
  /** What `--api` takes. */
  readonly apis: readonly string[];

  constructor(message: string, apis: readonly string[]) {
    super(message);
    this.apis = apis;
  }
}
