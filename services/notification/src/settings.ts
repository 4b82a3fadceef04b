import type { RetryPolicy } from "./workers/verdict.ts";

/** How the service behaves, beside where its parts are. */
export type Settings = {
  readonly internalKey: string;
  readonly partitions: number;
  readonly retry: RetryPolicy;
  /** One attempt, in all. A claim lasts half as long again. */
  readonly timeoutMs: number;
  readonly privateAddresses: "refuse" | "allow";
  /** Attempts that run at once in this process. */
  readonly atOnce: { readonly total: number; readonly perTarget: number; readonly perParty: number };
  readonly subscriptionsMax: number;
  /** How long an ended delivery stays in the log. */
  readonly keptMs: number;
};

/** Whatever is left out is as the environment's defaults have it. */
export type NotificationSettings = Pick<Settings, "internalKey" | "partitions"> & Partial<Settings>;
