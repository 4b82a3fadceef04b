import type { CaseFile, CaseEvent } from "./case-file.ts";
import { type Losses, nameOfLost } from "./losses.ts";

/** The events of a case that a service has read, and the names of the case's events that the service lost. */
export type Knowledge = { readonly events: readonly CaseEvent[]; readonly lost: string };

/**
 * Returns each set of events that the service may have read of a case. The largest set is the first. The service may
 * have read the first of a topic's lost records, because it fetched these records before it froze. If the opening is
 * among the lost events, the set is empty, because the service then has no state for the case.
 */
export function possibleKnowledge({ events }: CaseFile, service: string, losses: Losses): [Knowledge, ...Knowledge[]] {
  const mayLack = events.filter(({ place }) => losses.isLost(service, place));
  const byTopic = [...Map.groupBy(mayLack, ({ place }) => place.topic).values()];
  const choices = byTopic.reduce<readonly (readonly CaseEvent[])[]>(
    (all, ofTopic) => all.flatMap((lacking) => suffixes(ofTopic).map((suffix) => [...lacking, ...suffix])),
    [[]],
  );
  const less = choices
    .filter(({ length }) => length > 0)
    .toSorted((a, b) => a.length - b.length)
    .map((lacking) => ({
      events: lacking.some(({ type }) => type === "case.opened")
        ? []
        : events.filter((event) => !lacking.includes(event)),
      lost: lacking.map(({ type, place }) => nameOfLost(service, type, place)).join("; "),
    }));
  return [{ events, lost: "" }, ...less];
}

function suffixes<T>(items: readonly T[]): T[][] {
  return Array.from({ length: items.length + 1 }, (_, count) => items.slice(items.length - count));
}
