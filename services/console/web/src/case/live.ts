import type { Me, PresentedCase } from "@crossline/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { streamPositionQuery } from "../api/queries.ts";
import { useStream } from "../live/use-stream.ts";
import { useReportStatus } from "../shell/status.ts";
import { caseKey } from "./queries.ts";

// A command writes several records within a moment, and each of them changes the row of the case.
const gatherMs = 150;
const repeatMs = 30_000;

/**
 * Reads the case again when its row changes in the stream, and when the mark of its timeline moves. The reads also repeat every 30 s, because a clock counts without any record, and
 * because an ended case has no row.
 */
export function useLiveCase(me: Me, { id: caseId, timeline, at }: PresentedCase): void {
  const client = useQueryClient();
  const waiting = useRef<number>(undefined);
  const { data: position } = useQuery(streamPositionQuery(timeline));
  const readAgain = (): void => {
    window.clearTimeout(waiting.current);
    waiting.current = window.setTimeout(() => void client.invalidateQueries({ queryKey: caseKey(caseId) }), gatherMs);
  };
  const state = useStream(me.session?.id ?? "", { scope: "cases", timeline }, position, (message) => {
    const id = message.kind === "row" ? message.row.id : message.kind === "gone" ? message.id : caseId;
    if (id === caseId) readAgain();
  });
  useReportStatus(state);
  const mark = timeline === "wall" ? undefined : at;
  const first = useRef(mark);
  useEffect(() => {
    if (first.current === mark) return;
    first.current = mark;
    void client.invalidateQueries({ queryKey: caseKey(caseId) });
  }, [client, caseId, mark]);
  useEffect(() => {
    const repeat = window.setInterval(() => void client.invalidateQueries({ queryKey: caseKey(caseId) }), repeatMs);
    return () => {
      window.clearInterval(repeat);
      window.clearTimeout(waiting.current);
    };
  }, [client, caseId]);
}
