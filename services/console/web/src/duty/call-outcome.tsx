import type { Delivery } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { callsQuery, type DutyCase } from "./queries.ts";

/** Says whether the present call of the last resort has reached a receiver. */
export function CallOutcome({ row }: { readonly row: DutyCase }) {
  const { data } = useQuery(callsQuery(row.id, row.resort?.call));
  if (data === undefined) return null;
  const { text, isBad } = outcomeOf(data.items);
  return <span className={isBad ? "duty-outcome bad" : "duty-outcome muted"}>{text}</span>;
}

/**
 * Returns the outcome of the newest call. Deliveries with a subscription are not calls. The deliveries of a call have the same event, and one
 * delivered delivery is enough.
 */
function outcomeOf(deliveries: readonly Delivery[]): { readonly text: string; readonly isBad: boolean } {
  const calls = deliveries.filter(({ subscriptionId }) => subscriptionId === undefined);
  const states = calls.filter(({ eventId }) => eventId === calls[0]?.eventId).map(({ state }) => state);
  if (states.includes("delivered")) return { text: "✓ the call was delivered", isBad: false };
  if (states.includes("waiting")) return { text: "… the call is being sent", isBad: false };
  if (states.includes("recorded")) return { text: "recorded, because a story sends no calls", isBad: false };
  if (states.length === 0) return { text: "no call is sent yet", isBad: false };
  return { text: "✕ the call reached no receiver", isBad: true };
}
