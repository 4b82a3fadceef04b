import type { PresentedRow, QueueHandoff } from "@crossline/contracts";
import { type UseQueryResult, keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { read } from "../../api/send.ts";
import { tokenOf } from "./claim-tokens.ts";
import { type Handoff, commandDesk } from "./commands.ts";

/** A third of the lease, so that two renewals can fail: 90 s for live assist, and 15 min otherwise. */
const renewAfterMs = { "live-assist": 30_000, ticket: 300_000 } as const;

/** Returns the hand-off of a row, or undefined if the row has none. */
export function handoffOf({ handoff: id, queue }: PresentedRow): Handoff | undefined {
  return id === undefined || queue === undefined ? undefined : { id, queue };
}

/** Reads a hand-off with its brief, and reads it again when its row changes. */
export function useHandoff(handoff: Handoff, position: number): UseQueryResult<QueueHandoff> {
  const { id, queue } = handoff;
  return useQuery({
    queryKey: ["handoff", id, position],
    queryFn: ({ signal }) => read<QueueHandoff>(`/v1/queues/${queue}/handoffs/${id}`, signal),
    // The component is keyed by the hand-off, so earlier data is about the same hand-off.
    placeholderData: keepPreviousData,
  });
}

/** Renews the lease of the person's claim while the component is shown. */
export function useLeaseRenewal(handoff: QueueHandoff | undefined, onFault: () => unknown): void {
  const isLeased = handoff?.phase === "claimed" || handoff?.phase === "info-requested";
  const afterMs = isLeased ? renewAfterMs[handoff.mode] : undefined;
  const renew = useEffectEvent(() => {
    // Without a token, the claim is another person's.
    if (handoff === undefined || tokenOf(handoff.handoffId) === undefined) return;
    commandDesk({ id: handoff.handoffId, queue: handoff.queue }, "renew", {}).catch(onFault);
  });
  useEffect(() => {
    if (afterMs === undefined) return undefined;
    const interval = window.setInterval(() => renew(), afterMs);
    return () => window.clearInterval(interval);
  }, [afterMs]);
}
