import type { PresentedRow } from "@crossline/contracts";

/** One stream of the API: the changed rows of a scope on a timeline. */
export type StreamName = { readonly scope: "cases" | "handoffs"; readonly timeline: string };

/** A message of a screen to the worker. */
export type StreamRequest =
  | { readonly kind: "open"; readonly stream: StreamName; readonly after: number }
  | { readonly kind: "alive" }
  | { readonly kind: "close" };

/** A message of the worker to a screen. */
export type StreamMessage =
  | { readonly kind: "row"; readonly position: number; readonly row: PresentedRow }
  | { readonly kind: "gone"; readonly position: number; readonly id: string }
  /** The worker has forgotten changes that the screen lacks, so the screen must read the board again. */
  | { readonly kind: "resync" }
  | { readonly kind: "state"; readonly state: "live"; readonly at: number }
  | { readonly kind: "state"; readonly state: "lost"; readonly since: number };
