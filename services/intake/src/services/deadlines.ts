import {
  type DeadlineResultPage,
  type DeadlineResultPageRequest,
  type NextDue,
  deadlineResultPage,
  deadlines,
} from "@crossline/contracts";
import { Pool } from "undici";
import type { z } from "zod";

/** What the timer says of the next deadlines; undefined where it does not answer at once. */
export type Deadlines = {
  /** Of these cases, as far as the party reads them as they are now. */
  of(party: string, caseIds: readonly string[]): Promise<ReadonlyMap<string, NextDue> | undefined>;
  page(request: DeadlineResultPageRequest): Promise<DeadlineResultPage["items"] | undefined>;
  close(): Promise<void>;
};

const answerWithinMs = 500;
const pageWithinMs = 2_000;
/** A timer that did not answer is left alone for so long, where the case can be shown without it. */
const retryAfterMs = 1_000;

/** Kept-alive connections to the timer, of their own: lists must not hold up what drives a timeline. */
export function connectDeadlines(timerUrl: string, internalKey: string): Deadlines {
  const pool = new Pool(timerUrl, { connections: 16 });
  const headers = { authorization: `Bearer ${internalKey}`, "content-type": "application/json" };
  let silentUntil = -Infinity;

  async function ask<Schema extends z.ZodType>(
    path: string,
    body: object,
    { schema, withinMs }: { readonly schema: Schema; readonly withinMs: number },
  ): Promise<z.output<Schema> | undefined> {
    try {
      const signal = AbortSignal.timeout(withinMs);
      const answer = await pool.request({ path, method: "POST", headers, body: JSON.stringify(body), signal });
      if (answer.statusCode === 200) return schema.parse(await answer.body.json());
      await answer.body.dump();
    } catch {
      // Unreachable or too slow: the caller says so.
    }
    return undefined;
  }

  return {
    async of(party, caseIds) {
      if (caseIds.length === 0) return new Map();
      if (performance.now() < silentUntil) return undefined;
      const found = await ask(
        "/internal/deadlines",
        { party, caseIds },
        { schema: deadlines, withinMs: answerWithinMs },
      );
      if (found === undefined) silentUntil = performance.now() + retryAfterMs;
      return found && new Map(found.items.map(({ caseId, nextDue }) => [caseId, nextDue]));
    },
    page: async (request) =>
      (await ask("/internal/deadlines/page", request, { schema: deadlineResultPage, withinMs: pageWithinMs }))?.items,
    close: () => pool.close(),
  };
}
