import { CommanderError } from "commander";
import { ResponseFault } from "./client.ts";
import { type ExitCode, exitCodeOfStatus, exitCodes } from "./exit-codes.ts";

/**
 * A fault that stops a verb, with exit code 1. The message of the fault is one sentence that names the remedy. The
 * command prints this message without a stack.
 */
export class CommandFault extends Error {
  override readonly name: string = "CommandFault";
  readonly exitCode: ExitCode = exitCodes.fault;
}

/** A fault of the arguments, with exit code 2. */
export class UsageFault extends CommandFault {
  override readonly name = "UsageFault";
  override readonly exitCode = exitCodes.usage;
}

/** A thing that the arguments name does not exist. The exit code is 4. */
export class NotFoundFault extends CommandFault {
  override readonly name = "NotFoundFault";
  override readonly exitCode = exitCodes.notFound;
}

/** The fault of a missing or unknown API key, with exit code 5. */
export class KeyFault extends CommandFault {
  override readonly name = "KeyFault";
  override readonly exitCode = exitCodes.key;
}

/** A fault that passes: Crossline does not respond or is not ready. The exit code is 6. */
export class UnreachableFault extends CommandFault {
  override readonly name = "UnreachableFault";
  override readonly exitCode = exitCodes.unreachable;
}

/** Returns the exit code of an error. The code of help is 0, and the code of a bug is 1. */
export function exitCodeOf(error: unknown): ExitCode {
  // commander itself uses the code 1 for most of its errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
  if (error instanceof CommandFault) return error.exitCode;
  if (error instanceof ResponseFault) return exitCodeOfStatus(error.status);
  return isUnreachable(error) ? exitCodes.unreachable : exitCodes.fault;
}

/** Ends the process with the error's exit code. Prints a fault as its sentence, and any other error with its stack. */
export function exitWithFault(error: unknown): never {
  // commander has already printed its own error.
  if (!(error instanceof CommanderError)) process.stderr.write(`\n${describeError(error)}\n`);
  process.exit(exitCodeOf(error));
}

/** Returns the text of an error for people: the sentence of a fault, a refusal with its fields, or the stack of a bug. */
export function describeError(error: unknown): string {
  if (error instanceof ResponseFault) return describeRefusal(error);
  if (isUnreachable(error))
    return "A service does not respond: `crossline doctor` finds the reason. The logs are in .crossline/logs.";
  // The command recognizes ServerFault and ForeignDataError by name, because an import of both classes would load the
  // PostgreSQL client in every verb.
  const isNamed = error instanceof Error && ["ServerFault", "ForeignDataError"].includes(error.name);
  if (error instanceof CommandFault || isNamed) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Returns a refusal of the API: the title, the explanation, the faulty fields and the id of the request. */
function describeRefusal({ status, code, title, detail, fields, requestId }: ResponseFault): string {
  return [
    `${title ?? "The request failed"} (${code ?? "no code"}, ${status})`,
    ...(detail === undefined ? [] : [detail]),
    ...fields.map(({ at, message }) => `  ${at === "" ? "/" : at} ${message}`),
    ...(requestId === undefined ? [] : [`Request id: ${requestId}`]),
  ].join("\n");
}

/** Returns true if no program responded. fetch throws a TypeError then, and a TimeoutError after a time limit. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error instanceof TypeError && error.message === "fetch failed") || error.name === "TimeoutError";
}
