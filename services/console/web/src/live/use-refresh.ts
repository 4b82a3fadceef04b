import { type QueryKey, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { streamPositionQuery } from "../api/queries.ts";
import { useMe } from "../session/session.tsx";
import { useReportStatus } from "../shell/status.ts";
import { useStream } from "./use-stream.ts";

const oftenestMs = 500;

/** Reads queries again when a case changes, at most twice a second, and shows the state of the stream in the top bar. */
export function useRefreshOnChange(timeline: string, position: number | undefined, queryKey: QueryKey): void {
  const me = useMe();
  const client = useQueryClient();
  const timer = useRef<number | undefined>(undefined);
  const refresh = (): void => {
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      void client.invalidateQueries({ queryKey });
    }, oftenestMs);
  };
  useEffect(() => () => window.clearTimeout(timer.current), []);
  useReportStatus(useStream(me.session?.id ?? "", { scope: "cases", timeline }, position, refresh));
}

/** Reads queries again when a case of a timeline changes. Lists that are not on the stream are also read from time to time. */
export function useLiveReads(timeline: string, queryKey: QueryKey): void {
  const { data: position } = useQuery(streamPositionQuery(timeline));
  useRefreshOnChange(timeline, position, queryKey);
}
