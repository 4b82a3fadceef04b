import { CommanderError } from "commander";

/** Keeps a verb from doing its work. The message is one sentence that says what to do; it is printed without a stack, exit code 1. */
export class CommandFault extends Error {
  override readonly name: string = "CommandFault";
}

/** The command line asks for something that cannot be meant; exit code 2. */
export class UsageFault extends CommandFault {
  override readonly name = "UsageFault";
}

/** 0 for help, 2 for wrong usage, 1 for any other error. */
export function exitCodeOf(error: unknown): number {
  // commander's own code is 1 for most of its errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return error instanceof UsageFault ? 2 : 1;
}

/** Ends the process with the error's exit code. Prints a fault as its sentence, and any other error with its stack. */
export function exitWithFault(error: unknown): never {
  if (error instanceof CommanderError) process.exit(exitCodeOf(error)); // commander has printed it
  // These are known by their names: their classes would bring the PostgreSQL client into every verb.
  const isNamed = error instanceof Error && ["ServerFault", "ForeignDataError"].includes(error.name);
  const isPlain = error instanceof CommandFault || isNamed;
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`\n${isPlain ? error.message : stack}\n`);
  process.exit(exitCodeOf(error));
}
