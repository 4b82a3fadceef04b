import { type QueryClient, useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { timelineNowQuery } from "../api/queries.ts";

const minuteMs = 60_000;
const listeners = new Set<() => void>();
let second = Math.floor(Date.now() / 1000) * 1000;
let interval: number | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  interval ??= window.setInterval(() => {
    second = Math.floor(Date.now() / 1000) * 1000;
    for (const notify of listeners) notify();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(interval);
    interval = undefined;
  };
}

/** Returns the present second of the wall timeline in milliseconds since 1970. The component renders again every second. */
export function useWallNow(): number {
  return useSyncExternalStore(subscribe, () => second);
}

/** Returns the present minute of the wall timeline in milliseconds since 1970, for components that show no seconds. */
export function useWallMinute(): number {
  return useSyncExternalStore(subscribe, () => Math.floor(second / minuteMs) * minuteMs);
}

/** Returns the now of a timeline for one request, without a component. */
export async function readNow(client: QueryClient, timeline: string): Promise<number> {
  if (timeline === "wall") return Date.now();
  const { at } = await client.ensureQueryData(timelineNowQuery(timeline));
  return at === undefined ? Date.now() : Date.parse(at);
}

/**
 * Returns the now of a timeline in milliseconds since 1970: the present second, or the mark of a stepped timeline. The result is the present
 * second until the mark is known; the frame shows no screen before.
 */
export function useNow(timeline: string): number {
  const wall = useWallNow();
  const { data } = useQuery(timelineNowQuery(timeline));
  return timeline === "wall" || data === undefined ? wall : Date.parse(data);
}

/** Returns false until the first response about the now of a timeline. */
export function useIsNowKnown(timeline: string): boolean {
  const { isPending } = useQuery(timelineNowQuery(timeline));
  return timeline === "wall" || !isPending;
}
