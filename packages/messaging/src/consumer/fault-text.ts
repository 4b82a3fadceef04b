/**
 * Returns the name of an error and the first row of its message. Errors of Postgres and zod contain no values of rows:
 * `packages/postgres` removes them.
 */
export function reasonOf(fault: unknown): string {
  if (!(fault instanceof Error)) return "the thrown value is not an error";
  const message = fault instanceof SyntaxError ? "a text that could not be parsed" : fault.message; // the message of a SyntaxError quotes the text
  return `${fault.name}: ${message.split("\n", 1)[0]}`.slice(0, 300);
}

/** Returns the stack frames of an error, without its message. */
export function stackFrames(fault: unknown): string[] {
  const lines = fault instanceof Error ? (fault.stack ?? "").split("\n") : [];
  return lines.filter((line) => /^\s+at /.test(line)).map((line) => line.trim());
}
