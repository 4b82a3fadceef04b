import type { PresentedRow } from "@crossline/contracts";
import { ResponseFault } from "../../api/send.ts";
import { claim, commandDesk } from "./commands.ts";

/** A command on several hand-offs. */
export type BulkCommand = "claim" | "release";

/** The result for one row. `reason` is the reason of a refusal. */
export type BulkResult = {
  readonly id: string;
  readonly number: string;
  readonly title: string | undefined;
  readonly reason?: string;
};

const atOnce = 6;
const attemptsMax = 5;

/** Runs a command on each row, a few at a time. `onResult` gets each result. An aborted run leaves the later rows out. */
export async function runBulk(
  command: BulkCommand,
  rows: readonly PresentedRow[],
  signal: AbortSignal,
  onResult: (result: BulkResult) => void,
): Promise<void> {
  const waiting = rows.values();
  const work = async (): Promise<void> => {
    for (const row of waiting) {
      if (signal.aborted) return;
      const { id, number, title } = row;
      const reason = await reasonAgainst(command, row);
      onResult({ id, number, title, ...(reason !== undefined && { reason }) });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** Runs a command on a row. Returns the reason if it was refused. */
async function reasonAgainst(command: BulkCommand, row: PresentedRow): Promise<string | undefined> {
  const { handoff: id, queue, phase } = row;
  if (id === undefined || queue === undefined) return "The case has no open hand-off.";
  if (command === "release" && phase !== "claimed" && phase !== "question") return "The hand-off has no claim.";
  // The same key makes a repeated command safe.
  const key = crypto.randomUUID();
  for (let attempt = 1; ; attempt++) {
    try {
      await (command === "claim" ? claim({ id, queue }, key) : commandDesk({ id, queue }, "release", {}, key));
      return undefined;
    } catch (fault) {
      const isBusy = fault instanceof ResponseFault && (fault.status === 429 || fault.status === 503);
      if (!isBusy || attempt === attemptsMax) return fault instanceof Error ? fault.message : String(fault);
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
    }
  }
}
