import { CommanderError } from "commander";

/**
 * A fault that stops a verb, with exit code 1. The message of the fault is one sentence that names the remedy. The
 * command prints this message without a stack.
 */
export class CommandFault extends Error {
  override readonly name: string = "CommandFault";
}

/** A fault of the arguments, with exit code 2. */
export class UsageFault extends CommandFault {
  override readonly name = "UsageFault";
}

/** Returns 0 for help, 2 for wrong usage and 1 for any other error. */
export function exitCodeOf(error: unknown): number {
  // commander itself uses the code 1 for most of its errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return error instanceof UsageFault ? 2 : 1;
}

/** Ends the process with the error's exit code. Prints a fault as its sentence, and any other error with its stack. */
export function exitWithFault(error: unknown): never {
  if (error instanceof CommanderError) process.exit(exitCodeOf(error)); // commander has already printed this error.
  // The command recognizes ServerFault and ForeignDataError by name, because an import of both classes would load the
  // PostgreSQL client in every verb.
  const isNamed = error instanceof Error && ["ServerFault", "ForeignDataError"].includes(error.name);
  const isPlain = error instanceof CommandFault || isNamed;
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`\n${isPlain ? error.message : stack}\n`);
  process.exit(exitCodeOf(error));
}
