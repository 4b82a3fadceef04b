/**
 * What started a clock: an event of a topic by its sequence (of the clock topic: the breach that the clock follows), an offer or a
 * page of a step, or a promise.
 */
export type ClockStart =
  | { readonly by: "case" | "handoff" | "clock"; readonly sequence: number }
  | { readonly by: "offer" | "page" | "promise"; readonly id: string };

const prefixes = { ho_: "offer", pg_: "page", pr_: "promise" } as const;

/** The start as it stands on the wire, where it is the incarnation of the clock: `case/12`, `ho_…`. Every `firingId` hashes this text. */
export function formatStart(start: ClockStart): string {
  return "id" in start ? start.id : `${start.by}/${start.sequence}`;
}

/** Reads what `formatStart` wrote. Throws for any other text: a stored or published start that no version wrote is a bug. */
export function parseStart(text: string): ClockStart {
  const by = prefixes[text.slice(0, 3) as keyof typeof prefixes];
  if (by !== undefined) return { by, id: text };
  const [, noun, sequence] = /^(case|handoff|clock)\/(\d+)$/.exec(text) ?? [];
  if (noun === undefined) throw new Error(`no clock starts by ${text}`);
  return { by: noun as "case" | "handoff" | "clock", sequence: Number(sequence) };
}

/** Whether a clock was started by this offer, page or promise. */
export function isStartedBy(start: ClockStart, id: string): boolean {
  return "id" in start && start.id === id;
}
