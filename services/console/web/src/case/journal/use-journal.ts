import type { JournalPage } from "@crossline/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { queryOf, read } from "../../api/send.ts";
import { caseKey } from "../queries.ts";

/** One fact of the case, with its sentence. */
export type Fact = JournalPage["items"][number];

/** The facts that the screen has read, the oldest first. */
export type Journal = { readonly items: readonly Fact[]; readonly hasMore: boolean };

const pageSize = 100;
/** The screen reads this number of result pages without a question. */
const pagesAtOnce = 5;

/**
 * Reads the facts of a case. Facts never change, so a repeated read continues after the last known fact. Each read takes at most 500 facts,
 * and `refetch` reads the next ones.
 */
export function useJournal(caseId: string) {
  const client = useQueryClient();
  const queryKey = [...caseKey(caseId), "journal"];
  return useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<Journal> => {
      const items = [...(client.getQueryData<Journal>(queryKey)?.items ?? [])];
      for (let page = 0; page < pagesAtOnce; page += 1) {
        const after = items.at(-1)?.number ?? 0;
        const address = `/v1/cases/${caseId}/journal${queryOf({ after, limit: pageSize })}`;
        const result = await read<JournalPage>(address, signal);
        items.push(...result.items);
        if (result.next === undefined) return { items, hasMore: false };
      }
      return { items, hasMore: true };
    },
  });
}
