import { type Refusal, refusal } from "@crossline/contracts";
import { type HandoffCommand, commandHandoff } from "@crossline/domain";
import type { Outcome } from "@crossline/idempotency";
import { findHandoff } from "../store/queues.ts";
import { type Asked, type Change, type Desk, actorOf, changeCase } from "./change-case.ts";
import { eventually } from "./eventually.ts";

/** Which hand-off is meant, by the address. */
export type Target = { readonly queue: string; readonly handoffId: string };

export const noSuchHandoff: Refusal = refusal("not_found", "No queue of yours has a hand-off with this id.");

/** Does what a vendor's desk asks of a hand-off; `answer` makes the answer out of what came of it. */
export async function runHandoffCommand<Body>(
  desk: Desk,
  asked: Asked,
  { queue, handoffId }: Target,
  command: HandoffCommand,
  answer: Change<Body>["answer"],
): Promise<Outcome<Body>> {
  const found = await eventually(() => findHandoff(desk.database, asked.party, queue, handoffId));
  if (found === undefined) return noSuchHandoff;
  const decide: Change<Body>["decide"] = (before, line, at) =>
    commandHandoff(before, handoffId, command, actorOf(asked), line, at);
  return changeCase(desk, asked, found, { decide, answer });
}
