import {
  type DeadlineResultPage,
  type DeadlineResultPageRequest,
  type NextDue,
  deadlineResultPage,
  deadlines,
} from "@crossline/contracts";
import { Pool } from "undici";
import type { z } from "zod";

/** Reads the next deadlines of cases from the timer. A result is undefined if the timer does not respond in time. */
export type Deadlines = {
  /** Returns the next deadline of each given case to which the party has full case access. */
  of(party: string, caseIds: readonly string[]): Promise<ReadonlyMap<string, NextDue> | undefined>;
  /** Returns the deadline of the next answer to the customer of a case. Null: no company owes the customer an answer now. */
  ofCustomer(carrier: string, caseId: string): Promise<NextDue | null | undefined>;
  /** Returns one result page of cases, in the order of their next deadlines. */
  page(request: DeadlineResultPageRequest): Promise<DeadlineResultPage["items"] | undefined>;
  close(): Promise<void>;
};

const respondWithinMs = 500;
const pageWithinMs = 2_000;
/** The time after a failure in which intake does not query the timer, and shows cases without a deadline. */
const retryAfterMs = 1_000;

/** Opens a pool of connections to the timer. Deadlines have a pool of their own, so that lists do not delay stepped timelines. */
export function connectDeadlines(timerUrl: string, internalKey: string): Deadlines {
  const pool = new Pool(timerUrl, { connections: 16 });
  const headers = { authorization: `Bearer ${internalKey}`, "content-type": "application/json" };
  let silentUntil = -Infinity;

  async function post<Schema extends z.ZodType>(
    path: string,
    body: object,
    { schema, withinMs }: { readonly schema: Schema; readonly withinMs: number },
  ): Promise<z.output<Schema> | undefined> {
    try {
      const signal = AbortSignal.timeout(withinMs);
      const response = await pool.request({ path, method: "POST", headers, body: JSON.stringify(body), signal });
      if (response.statusCode === 200) return schema.parse(await response.body.json());
      await response.body.dump();
    } catch {
      // If the timer is unreachable or too slow, the result is undefined, and the caller decides how to respond.
    }
    return undefined;
  }

  return {
    async of(party, caseIds) {
      if (caseIds.length === 0) return new Map();
      if (performance.now() < silentUntil) return undefined;
      const page = await post(
        "/internal/deadlines",
        { party, caseIds },
        { schema: deadlines, withinMs: respondWithinMs },
      );
      if (page === undefined) silentUntil = performance.now() + retryAfterMs;
      return page && new Map(page.items.map(({ caseId, nextDue }) => [caseId, nextDue]));
    },
    async ofCustomer(party, caseId) {
      const page = await post(
        "/internal/deadlines/customer",
        { party, caseIds: [caseId] },
        { schema: deadlines, withinMs: respondWithinMs },
      );
      return page && (page.items[0]?.nextDue ?? null);
    },
    page: async (request) =>
      (await post("/internal/deadlines/page", request, { schema: deadlineResultPage, withinMs: pageWithinMs }))?.items,
    close: () => pool.close(),
  };
}
