import type { PresentedRow } from "@crossline/contracts";
import { type TimelineSearch, timelineIn } from "../shell/timeline-search.ts";
import { isInstant } from "../time/fitting.ts";

/** The severities, the most urgent first. */
export const severities = ["critical", "major", "minor"] as const;
/** The phases of open cases, in the order in which a case usually has them. */
export const phases = ["at-carrier", "offered", "claimed", "question", "accepted", "resolved"] as const;
/** The orders of a board: by the next breach, by the next own breach, and by the opening. */
export const sorts = ["due", "ownDue", "opened"] as const;

export type Severity = (typeof severities)[number];
export type Phase = (typeof phases)[number];
export type Sort = (typeof sorts)[number];

/** The rows that a board shows. Absent filters select every row. */
export type BoardFilters = {
  readonly queue?: string;
  readonly holder?: string;
  readonly carrier?: string;
  readonly person?: string;
  readonly model?: string;
  readonly line?: string;
  readonly dueBefore?: string;
  readonly severity?: readonly Severity[];
  readonly phase?: readonly Phase[];
  readonly resort?: true;
  readonly breached?: true;
};

/** The parameters of the board in its address. A link with them shows the same board to a colleague. */
export type BoardSearch = TimelineSearch & BoardFilters & { readonly sort?: Exclude<Sort, "due"> };

const textNames = ["queue", "holder", "carrier", "person", "model", "line"] as const;

/** Reads the parameters of the screen from its address. A parameter that does not fit is left out. */
export function boardSearch(search: Readonly<Record<string, unknown>>): BoardSearch {
  const { dueBefore, sort } = search;
  const texts = textNames.flatMap((name) => {
    const value = textOf(search[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  const severity = chosenOf(search["severity"], severities);
  const phase = chosenOf(search["phase"], phases);
  const order = sorts.find((name) => name === sort);
  return {
    ...timelineIn(search),
    ...Object.fromEntries(texts),
    ...(severity !== undefined && { severity }),
    ...(phase !== undefined && { phase }),
    ...(typeof dueBefore === "string" && isInstant(dueBefore) && { dueBefore }),
    ...(isChosen(search["resort"]) && { resort: true as const }),
    ...(isChosen(search["breached"]) && { breached: true as const }),
    ...(order !== undefined && order !== "due" && { sort: order }),
  };
}

/** Returns the filters without the timeline and the order. */
export function filtersOf(search: BoardSearch): BoardFilters {
  const { timeline: _, sort: __, ...filters } = search;
  return filters;
}

/** Returns the parameters of `GET /v1/board` and of a saved view. Lists have commas. */
export function boardParameters({ severity, phase, resort, breached, ...rest }: BoardSearch): Record<string, string> {
  return {
    ...(rest as Record<string, string>),
    ...(severity !== undefined && { severity: severity.join(",") }),
    ...(phase !== undefined && { phase: phase.join(",") }),
    ...(resort === true && { resort: "true" }),
    ...(breached === true && { breached: "true" }),
  };
}

/** Returns true if a row passes the filters, by the rules of `GET /v1/board`. */
export function passes(row: PresentedRow, filters: BoardFilters): boolean {
  const { queue, holder, carrier, person, model, line, dueBefore, severity, phase, resort, breached } = filters;
  return (
    (queue === undefined || row.queue === queue) &&
    (holder === undefined || row.holder === holder) &&
    (carrier === undefined || row.carrier === carrier) &&
    (person === undefined || row.person === person) &&
    (model === undefined || row.model === model) &&
    (line === undefined || row.line.split("@")[0] === line) &&
    (severity === undefined || severity.includes(row.severity)) &&
    (phase === undefined || phase.some((name) => name === row.phase)) &&
    (resort === undefined || row.resort !== undefined) &&
    (breached === undefined || row.breached !== undefined) &&
    (dueBefore === undefined || (row.due !== undefined && Date.parse(row.due.at) < Date.parse(dueBefore)))
  );
}

function isChosen(value: unknown): boolean {
  return value === true || value === "true";
}

function textOf(value: unknown): string | undefined {
  // The router reads a value such as 8700 as a number.
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() !== "" ? text.trim() : undefined;
}

function chosenOf<Value extends string>(given: unknown, all: readonly Value[]): readonly Value[] | undefined {
  const names = Array.isArray(given) ? given : typeof given === "string" ? given.split(",") : [];
  const chosen = all.filter((name) => names.includes(name));
  return chosen.length === 0 ? undefined : chosen;
}
