import type { PresentedCase } from "@crossline/contracts";
import { msOf } from "../instants.ts";

type PromiseState = { readonly text: string; readonly shape: string; readonly tone: "" | "good" | "warn" | "bad" };

/** Returns the state of a promise in words. An open promise whose window has ended is broken, although a delivery is still possible. */
export function promiseStateText(
  { state, until }: Pick<PresentedCase["promises"][number], "state" | "until">,
  now: number,
): PromiseState {
  if (state === "kept") return { text: "kept", shape: "✓", tone: "good" };
  if (state === "late") return { text: "delivered late", shape: "✕", tone: "bad" };
  if (state === "withdrawn") return { text: "withdrawn", shape: "–", tone: "" };
  return msOf(until) < now ? { text: "broken", shape: "✕", tone: "bad" } : { text: "open", shape: "○", tone: "warn" };
}
