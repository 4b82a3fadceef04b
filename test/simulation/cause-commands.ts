import type { CaseCommand } from "@crossline/domain";
import type { Command } from "./kinds.ts";

const changeIds = ["ch_gateway", "ch_update"] as const;
const workarounds = ["Reset the network settings.", "Remove the battery for a minute."] as const;

/**
 * Returns the command that names a possible cause of a case: a change, or the problem of a known error. Intake's tasks execute such
 * commands, and persons link and unlink changes.
 */
export function causeCommand({ kind, choice }: Command): CaseCommand | undefined {
  const changeId = changeIds[choice % 2]!;
  switch (kind) {
    case "link-change": {
      const link = { changeId, by: "quill", title: changeId, startsAt: "2026-03-07T08:00:00Z", late: choice % 3 === 0 };
      return { type: "link-change", link };
    }
    case "unlink-change":
      return { type: "unlink-change", changeId, reason: "the SIM is broken" };
    case "match-known-error": {
      const problemId = `pb_${choice % 2}`;
      return {
        type: "match-known-error",
        problemId,
        workaround: workarounds[choice % 4 < 2 ? 0 : 1],
        fixCode: "reset",
      };
    }
    default:
      return undefined;
  }
}
