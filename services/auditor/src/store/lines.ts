import { type Lines as LinesOf, createLines as createLinesOf } from "@crossline/projection";
import { type AuditedLine, builtinLine, readLine } from "../rules/index.ts";

export type Lines = Omit<LinesOf<AuditedLine>, "find">;

/** Creates the cache of published lines, in the form that the auditor's rules use. */
export function createLines(): Lines {
  return createLinesOf<AuditedLine>({
    builtin: { ref: { carrier: "builtin", name: "default", version: 1 }, line: builtinLine },
    compile: ({ document, calendars }) => readLine(document, calendars),
  });
}
