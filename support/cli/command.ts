/** One command: its own file, loaded only when it is called. */
export interface Command {
  /** What `--help` prints. */
  readonly help: string;
  /** @returns the exit code. */
  run(argv: readonly string[]): Promise<number>;
}
