/** The requests that wait until the consumer has applied a record of a case. */
export type CaseWaiters = {
  /** Resolves when this process has applied a record of the case, or after `ms`. */
  wait(caseId: string, ms: number): Promise<void>;
  /** Ends the wait of each request that waits for one of these cases. */
  wake(caseIds: ReadonlySet<string>): void;
  /** Returns the number of waiting requests. */
  count(): number;
};

/** Creates the list of waiting requests of one process. */
export function createCaseWaiters(): CaseWaiters {
  const waiting = new Map<string, Set<() => void>>();
  let count = 0;
  return {
    wait(caseId, ms) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const others = waiting.get(caseId) ?? new Set();
      waiting.set(caseId, others.add(resolve));
      count += 1;
      const timer = setTimeout(resolve, ms);
      return promise.finally(() => {
        clearTimeout(timer);
        count -= 1;
        others.delete(resolve);
        if (others.size === 0 && waiting.get(caseId) === others) waiting.delete(caseId);
      });
    },
    wake(caseIds) {
      for (const [caseId, resolvers] of waiting) if (caseIds.has(caseId)) for (const resolve of resolvers) resolve();
    },
    count: () => count,
  };
}
