import { appendFileSync } from "node:fs";

/**
 * Returns a function that writes a story to the log of `pnpm test:stories`. In a run without `STORIES_LOG`, the
 * returned function does nothing.
 */
export function createStoryLog(title: string): (line: string) => void {
  const log = process.env["STORIES_LOG"];
  if (log === undefined) return () => {};
  appendFileSync(log, `\n${title}\n\n`);
  return (line) => appendFileSync(log, `${line}\n`);
}
