/** Limits the acts of the customer of each case. */
export type CustomerActLimit = {
  /** Counts an act, and returns undefined; or returns the seconds until the customer of the case can act again. */
  readonly enter: (caseId: string) => number | undefined;
};

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
/** A case accepts 1,000 contacts, so the second limit keeps room for the contacts that the companies record. */
const limits = [
  { withinMs: minuteMs, max: 5 },
  { withinMs: dayMs, max: 50 },
] as const;
const rememberedMax = 10_000;

/**
 * Creates the limit of this process: five acts in a minute and fifty in a day for each case. After a restart the count begins again,
 * because the limit only protects against a flood. `now` returns milliseconds that never decrease.
 */
export function createCustomerActLimit(now: () => number = () => performance.now()): CustomerActLimit {
  const acts = new Map<string, readonly number[]>();
  return {
    enter(caseId) {
      const at = now();
      const recent = (acts.get(caseId) ?? []).filter((one) => at - one < dayMs);
      const waits = limits.flatMap(({ withinMs, max }) => {
        const first = recent.at(-max);
        return first === undefined || at - first >= withinMs ? [] : [first + withinMs - at];
      });
      if (waits.length > 0) return Math.ceil(Math.max(...waits) / 1_000);
      acts.delete(caseId);
      acts.set(caseId, [...recent, at]);
      const [oldest] = acts.keys();
      if (acts.size > rememberedMax && oldest !== undefined) acts.delete(oldest);
      return undefined;
    },
  };
}
