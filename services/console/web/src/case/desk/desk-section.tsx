import "../../board/board.css";
import type { PresentedCase, PresentedRow } from "@crossline/contracts";
import { useState } from "react";
import { type DeskIntent, DeskPane } from "../../board/desk/desk-pane.tsx";
import { BoardNow } from "../../board/time-left.tsx";
import { useReadAgain } from "../commands/use-send-command.ts";
import { useCase } from "../use-case.ts";

type DeskSectionProps = { readonly intent: DeskIntent | undefined; readonly onClose: () => void };

/** The brief of the open hand-off with the commands of a vendor's desk, as on the board. */
export function DeskSection({ intent, onClose }: DeskSectionProps) {
  const { shown, now } = useCase();
  const readAgain = useReadAgain(shown.id);
  const [done, setDone] = useState("");
  const onDone = (_: PresentedRow, text: string): void => {
    setDone(text);
    void readAgain();
  };
  return (
    <BoardNow value={now}>
      <div className="case-desk">
        <DeskPane row={rowOf(shown)} intent={intent} calls={{ onDone, onClose }} />
      </div>
      <p role="status" className="hidden">
        {done}
      </p>
    </BoardNow>
  );
}

/** Returns the row of the board that the case has. The pane reads the hand-off again when the version of the case has changed. */
function rowOf({ line, handoff, carrierCaseId, version, ...shown }: PresentedCase): PresentedRow {
  return {
    ...shown,
    number: carrierCaseId,
    line: `${line.name}@${line.version}`,
    phase: handoff?.phase === "info-requested" ? "question" : (handoff?.phase ?? "at-carrier"),
    ...(handoff !== undefined && { handoff: handoff.id, queue: handoff.queue }),
    // The person of a claim is only in the row of the board. The API refuses a claim while another person has the lease.
    read: { case: version, handoff: 0, clock: 0 },
    position: version,
  } as unknown as PresentedRow;
}
