/**
 * The start of a clock: an event by its topic and sequence, an offer, a page, an assignment to a pool, or a promise. If the event is
 * on the clock topic, it is the breach of the previous incarnation.
 */
export type ClockStart =
  | { readonly by: "case" | "handoff" | "clock"; readonly sequence: number }
  | { readonly by: "offer" | "page" | "pool" | "promise"; readonly id: string };

const prefixes = { ho_: "offer", pg_: "page", pr_: "promise", pa_: "pool" } as const;

/**
 * Returns the start as text, which is the incarnation of the clock: `case/12`, `ho_…`. Each firing id is a hash that includes
 * this text.
 */
export function formatStart(start: ClockStart): string {
  return "id" in start ? start.id : `${start.by}/${start.sequence}`;
}

/**
 * Parses a text that `formatStart` returned. Throws an Error for any other text, because no version of Crossline stores or
 * publishes such a text.
 */
export function parseStart(text: string): ClockStart {
  const by = prefixes[text.slice(0, 3) as keyof typeof prefixes];
  if (by !== undefined) return { by, id: text };
  const [, noun, sequence] = /^(case|handoff|clock)\/(\d+)$/.exec(text) ?? [];
  if (noun === undefined) throw new Error(`${text} is not the start of a clock`);
  return { by: noun as "case" | "handoff" | "clock", sequence: Number(sequence) };
}

/** Returns true if this offer, page, assignment or promise started a clock. */
export function isStartedBy(start: ClockStart, id: string): boolean {
  return "id" in start && start.id === id;
}
