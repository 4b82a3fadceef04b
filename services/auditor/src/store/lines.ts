import { type Lines as LinesOf, createLines as createLinesOf } from "@crossline/projection";
import { type AuditedLine, builtinLine, readLine } from "../rules/index.ts";

export type Lines = Omit<LinesOf<AuditedLine>, "find">;

/** Creates the cache of lines, which the auditor reads with its own rules. */
export function createLines(): Lines {
  return createLinesOf<AuditedLine>({
    builtin: { ref: { carrier: "builtin", name: "default", version: 1 }, line: builtinLine },
    compile: ({ document, calendars }) => readLine(document, calendars),
  });
}
