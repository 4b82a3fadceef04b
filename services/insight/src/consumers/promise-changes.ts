import { type EventOf, type ReceivedMessage, parseInstant } from "@crossline/contracts";
import type { PromiseChange } from "../store/promises.ts";

/** The events that change a promise. */
export const promiseTypes = ["promise.made", "promise.delivered", "promise.withdrawn"] as const;

type PromiseEvent = EventOf<(typeof promiseTypes)[number]>;

/** Returns the change of a promise that this event causes, or nothing for any other event. */
export function promiseChange(event: ReceivedMessage): PromiseChange[] {
  return (promiseTypes as readonly string[]).includes(event.type) ? [changeOf(event as PromiseEvent)] : [];
}

function changeOf(event: PromiseEvent): PromiseChange {
  const { key: caseId, time } = event;
  const { promiseId, promisor } = event.data;
  const row = { promiseId, caseId, promisor };
  switch (event.type) {
    case "promise.made":
      return { ...row, madeAt: time, until: parseInstant(event.data.until) };
    case "promise.delivered":
      return { ...row, deliveredAt: time, isKept: event.data.kept };
    case "promise.withdrawn":
      return { ...row, withdrawnAt: time };
  }
}
