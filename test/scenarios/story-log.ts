import { appendFileSync } from "node:fs";

/** Tells a story to the log that `pnpm test:stories` prints; a plain test run keeps silent. */
export function createStoryLog(title: string): (line: string) => void {
  const log = process.env["STORIES_LOG"];
  if (log === undefined) return () => {};
  appendFileSync(log, `\n${title}\n\n`);
  return (line) => appendFileSync(log, `${line}\n`);
}
