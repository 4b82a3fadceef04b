import type { Delivery, Operations } from "@crossline/contracts";
import { queryOptions } from "@tanstack/react-query";
import { read } from "../api/send.ts";

const againMs = 5_000;

/** One service in the response of `GET /v1/operations`. */
export type PresentedService = Operations["services"][number];
/** A service that responded. */
export type ReachedService = Extract<PresentedService, { readonly state: "reached" }>;

/** The state of all services. */
export const operationsQuery = queryOptions({
  queryKey: ["operations"],
  queryFn: ({ signal }) => read<Operations>("/v1/operations", signal),
  refetchInterval: againMs,
});

/** The newest abandoned deliveries of all companies. */
export const abandonedQuery = queryOptions({
  queryKey: ["deliveries", "abandoned"],
  queryFn: ({ signal }) =>
    read<{ readonly items: readonly Delivery[]; readonly next?: string }>(
      "/v1/deliveries?state=abandoned&limit=50",
      signal,
    ),
  refetchInterval: againMs,
});
