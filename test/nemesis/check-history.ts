import { type Verdict, createChecker } from "./checker/checker.ts";
import { readHistory } from "./history.ts";

/** Reads a history file entry by entry and returns the checker's verdict. */
export async function checkHistory(file: string): Promise<Verdict> {
  const checker = createChecker();
  for await (const entry of readHistory(file)) checker.add(entry);
  return checker.verdict();
}
