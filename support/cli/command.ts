/** One command, in a separate file that is loaded only when it is called. */
export interface Command {
  /** What `--help` prints. */
  readonly help: string;
  /** @returns the exit code. */
  run(argv: readonly string[]): Promise<number>;
}

/** A command in the registry. */
export interface Entry {
  readonly summary: string;
  load(): Promise<{ command: Command }>;
}

/** Commands under one word. */
export interface Group {
  readonly summary: string;
  /** Lines for `--help`. */
  readonly examples: readonly string[];
  readonly commands: Readonly<Record<string, Entry>>;
}
