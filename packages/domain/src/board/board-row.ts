import { type CaseStatus, type Instant, formatInstant } from "@crossline/contracts";
import { isEnded } from "../case/status.ts";
import type { Clock } from "../clock/clock.ts";
import { nextBreach, oldestBreach } from "../clock/due.ts";
import type { Line } from "../line/line.ts";
import { accessOf } from "../reading/case-reading.ts";
import type { BoardCase } from "./board-state.ts";

/** A breach of a case, and the company that owes it. */
type BoardDue = { readonly clock: string; readonly at: string; readonly charged: string };

/** The row of a case on the board of one company, as JSON. Absent fields have no value. The title is not part of the row. */
export type BoardRow = {
  readonly id: string;
  readonly number: string;
  readonly carrier: string;
  readonly kind: string;
  readonly severity: string;
  readonly status: string;
  readonly phase: string;
  readonly line: string;
  readonly holder: string;
  readonly openedAt: string;
  readonly model?: string;
  readonly symptom?: string;
  readonly person?: string;
  readonly live?: { readonly party: string; readonly channel: string; readonly since: string };
  readonly handoff?: string;
  readonly queue?: string;
  readonly offeredAt?: string;
  readonly leaseUntil?: string;
  readonly due?: BoardDue;
  readonly ownDue?: BoardDue;
  /** The oldest breach that no act has met since. */
  readonly breached?: BoardDue;
  readonly pool?: string;
  readonly resort?: { readonly call: number; readonly nextAt: string };
  readonly read: { readonly case: number; readonly handoff: number; readonly clock: number };
};

/** The row of one company, with the values by which boards select and sort rows. */
export type CompanyRow = {
  readonly party: string;
  readonly row: BoardRow;
  readonly isOpen: boolean;
  readonly dueAt: Instant | undefined;
  readonly ownDueAt: Instant | undefined;
};

/**
 * Returns the row of a case for each company that reads the whole case. The carrier alone sees its pools and its last resort. A
 * person's id is visible to the person's company only.
 */
export function boardRows(state: BoardCase, line: Line): readonly CompanyRow[] {
  const { carrier, reading } = state;
  const readers = [carrier, ...reading.vendors.filter((vendor) => accessOf(reading, vendor) === "whole")];
  const next = nextBreach(state.clocks, line);
  const breached = oldestBreach(state.clocks);
  return readers.map((party) => {
    const own = nextBreach(
      { ...state.clocks, clocks: state.clocks.clocks.filter(({ charged }) => charged === party) },
      line,
    );
    const row = {
      ...commonRow(state),
      read: readBy(state, party),
      ...workOf(state, party),
      ...(next !== undefined && { due: dueOf(next) }),
      ...(own !== undefined && { ownDue: dueOf(own) }),
      ...(breached !== undefined && { breached: dueOf(breached) }),
      ...(party === carrier && carrierFields(state)),
    };
    return { party, row, isOpen: !isEnded(state.status), dueAt: next?.at, ownDueAt: own?.at };
  });
}

function commonRow({
  caseId,
  carrierCaseId,
  carrier,
  kind,
  severity,
  status,
  line,
  openedAt,
  device,
  symptom,
  ...state
}: BoardCase) {
  const { handoff } = state;
  return {
    id: caseId,
    number: carrierCaseId,
    carrier,
    kind,
    severity,
    status,
    phase: phaseOf(status, handoff),
    line: `${line.name}@${line.version}`,
    holder: state.reading.holder,
    openedAt: formatInstant(openedAt),
    ...(device?.model !== undefined && { model: device.model }),
    ...(symptom !== undefined && { symptom }),
    ...(handoff !== undefined && {
      handoff: handoff.id,
      queue: handoff.queue,
      offeredAt: formatInstant(handoff.offeredAt),
    }),
  };
}

/** Returns the sequences that the row includes. On the case topic, internal entries of other companies are not counted. */
function readBy({ clocks, internal }: BoardCase, party: string): BoardRow["read"] {
  const hidden = Object.entries(internal).reduce((sum, [author, count]) => sum + (author === party ? 0 : count), 0);
  return { case: clocks.read.case - hidden, handoff: clocks.read.handoff, clock: clocks.sequence };
}

function phaseOf(status: CaseStatus, handoff: BoardCase["handoff"]): string {
  if (isEnded(status)) return "ended";
  if (status === "resolved") return "resolved";
  return handoff?.phase ?? "at-carrier";
}

/** Returns the person who works on the case, and the live handling. Another company sees that the customer is live, not with whom. */
function workOf({ handlings, handoff, pool, carrier }: BoardCase, party: string) {
  const live = handlings.at(-1);
  const own = handlings.findLast((handling) => handling.party === party)?.person;
  const person =
    handoff?.vendor === party ? (handoff.person ?? own) : (own ?? (party === carrier ? pool?.person : undefined));
  return {
    ...(person !== undefined && { person }),
    ...(live !== undefined && { live: { party: live.party, channel: live.channel, since: formatInstant(live.since) } }),
    ...(handoff?.leaseUntil !== undefined &&
      handoff.vendor === party && { leaseUntil: formatInstant(handoff.leaseUntil) }),
  };
}

function carrierFields({ pool, resort }: BoardCase) {
  return {
    ...(pool !== undefined && { pool: pool.name }),
    ...(resort !== undefined && { resort: { call: resort.call, nextAt: formatInstant(resort.nextAt) } }),
  };
}

function dueOf({ at, clock }: { readonly at: Instant; readonly clock: Clock }): BoardDue {
  return { clock: clock.name, at: formatInstant(at), charged: clock.charged };
}
