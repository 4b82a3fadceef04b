import { commandCase, isRefused } from "@crossline/domain";
import type { CaseRow } from "../store/cases.ts";
import type { Batch } from "./batch.ts";
import type { Done, Item } from "./item.ts";
import { traced } from "./read.ts";

/** Does what an item asks for besides, on the case as it is after the item itself. */
export function goOn(batch: Batch, row: CaseRow, { besides = [], actor, traceparent }: Item, done: Done): Done {
  let now = done;
  for (const command of besides) {
    const outcome = commandCase(now.state, command, actor, done.at);
    if (isRefused(outcome) || outcome.messages.length === 0) continue;
    batch.change({ ...row, state: outcome.state }, traced(outcome.messages, traceparent));
    now = { ...now, state: outcome.state, messages: [...now.messages, ...outcome.messages] };
  }
  return now;
}
