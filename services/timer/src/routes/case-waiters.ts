/** Requests that wait for something to be applied to a case. */
export type CaseWaiters = {
  /** Resolves when something was applied to the case in this process, and at the latest after `ms`. */
  wait(caseId: string, ms: number): Promise<void>;
  /** Something was applied to these cases. */
  wake(caseIds: ReadonlySet<string>): void;
  count(): number;
};

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
