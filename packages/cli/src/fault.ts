/** What keeps a command from doing its work, in one sentence that says what to do. Printed without a stack; exit 1. */
export class CommandFault extends Error {
  override readonly name = "CommandFault";
}

/** Prints one sentence for a fault that has one, else the whole error; the process ends with 1. */
export function exitWithFault(error: unknown): never {
  const isPlain = error instanceof Error && ["CommandFault", "LogFault", "PartFault"].includes(error.name);
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`
${isPlain ? error.message : stack}
`);
  process.exit(1);
}
