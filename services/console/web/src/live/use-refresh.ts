import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
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
