import type { CaseReportCases } from "@crossline/contracts";
import { useInfiniteQuery } from "@tanstack/react-query";
import { durationText, viewerZone } from "../time/format.ts";
import { Instant } from "../time/instant.tsx";
import { useWallMinute } from "../time/now.ts";
import { CasesPanel } from "./cases-panel.tsx";
import { caseReportCasesQuery } from "./queries.ts";

type Item = CaseReportCases["items"][number];

type CaseReportCasesProps = {
  readonly report: "training-debt" | "outcomes";
  readonly title: string;
  readonly parameters: Readonly<Record<string, string | undefined>>;
  readonly isIn?: (item: Item) => boolean;
  readonly onClose: () => void;
};

/** Lists the cases behind the training debt or the outcomes, with their holds, fixes and contacts. */
export function CaseReportCasesPanel({ report, parameters, ...panel }: CaseReportCasesProps) {
  const now = useWallMinute();
  const query = useInfiniteQuery(caseReportCasesQuery(report, parameters));
  return (
    <CasesPanel {...panel} query={query} keyOf={({ caseId }) => caseId}>
      {({ openedAt, contacts, heldMs, fixedMs }) => (
        <>
          held {heldMs === null ? "–" : durationText(heldMs)} · fixed in{" "}
          {fixedMs === null ? "–" : durationText(fixedMs)} · {contacts} contacts ·{" "}
          <Instant at={openedAt} now={now} zone={viewerZone} named />
        </>
      )}
    </CasesPanel>
  );
}
