/** What every command is: a function of its arguments and its surroundings, so that a test can call it. */

/** Where a command writes: `process.stdout`, or what a test put in its place. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** The width of a terminal, in characters. */
  readonly columns?: number;
}

/** What a command sees of the process that runs it. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Whether somebody is there to answer a question. */
  readonly ask?: (question: string) => Promise<string>;
}

/** 0: done. 1: the answer is no. 2: the command line is malformed. Others are named by the command's help. */
export type ExitCode = number;

/**
 * A command.
 * @param argv what was typed behind its name
 * @returns the exit code; rejects only for a bug
 */
export type Command = (argv: readonly string[], surroundings: Surroundings) => Promise<ExitCode>;
