/** An error in a line: its kind and the first line of its message. Errors of Postgres and zod hold no values of ours (`packages/postgres` sees to it). */
export function reasonOf(fault: unknown): string {
  if (!(fault instanceof Error)) return "something was thrown that is no error";
  const message = fault instanceof SyntaxError ? "a text that could not be parsed" : fault.message; // It quotes the text.
  return `${fault.name}: ${message.split("\n", 1)[0]}`.slice(0, 300);
}

/** Where it was thrown, without the message. */
export function frames(fault: unknown): string[] {
  const lines = fault instanceof Error ? (fault.stack ?? "").split("\n") : [];
  return lines.filter((line) => /^\s+at /.test(line)).map((line) => line.trim());
}
