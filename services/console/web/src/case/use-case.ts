import type { CaseHandoffs, ClockHistoryResponse, PresentedCase } from "@crossline/contracts";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { createContext, use } from "react";
import { type AsOf, useAsOf, useSettled } from "./as-of.ts";
import { msOf } from "./instants.ts";
import { clockHistoryQuery, handoffsQuery } from "./queries.ts";
import { useCaseZone } from "./zone.ts";

/** The things that every panel of the screen needs. */
export type CaseView = {
  readonly shown: PresentedCase;
  readonly zone: string;
  /** The now of the case's timeline, in milliseconds since 1970. */
  readonly now: number;
  readonly asOf: AsOf;
  /** The clocks as of now. */
  readonly latest: UseQueryResult<ClockHistoryResponse>;
  /** The clocks as of the shown instant. */
  readonly history: UseQueryResult<ClockHistoryResponse>;
  readonly handoffs: UseQueryResult<CaseHandoffs>;
};

/** Gives the panels of the screen their case. */
export const CaseContext = createContext<CaseView | undefined>(undefined);

/** Returns the case of the screen. Only components inside a CaseContext can call it. */
export function useCase(): CaseView {
  const view = use(CaseContext);
  if (view === undefined) throw new Error("The component is outside the CaseContext.");
  return view;
}

/** Reads the clocks and the hand-offs, which several panels share. */
export function useCaseView(shown: PresentedCase, now: number): CaseView {
  const asOf = useAsOf();
  const settled = useSettled(asOf.at);
  const latest = useQuery(clockHistoryQuery(shown.id));
  // No clock ran before the opening, and the API refuses such an instant.
  const isTooEarly = settled !== undefined && msOf(settled) < msOf(shown.openedAt);
  const history = useQuery(clockHistoryQuery(shown.id, isTooEarly ? shown.openedAt : settled));
  const handoffs = useQuery(handoffsQuery(shown.id));
  const zone = useCaseZone(shown.carrier, latest.data);
  return { shown, zone, now, asOf, latest, history, handoffs };
}
