import { setTimeout as delay } from "node:timers/promises";
import { randomUUID } from "node:crypto";
import type { createDraw } from "../plan.ts";
import type { Ask, Outcome } from "./ask.ts";
import { confirmationMs } from "./lines.ts";

type Draw = ReturnType<typeof createDraw>;
type Teller = { readonly ask: Ask; readonly draw: Draw };
type Content = "inquiry" | "still-broken" | "works" | "auto-reply";

const ends = [
  "race",
  "race",
  "race",
  "answer-race",
  "still-broken",
  "works",
  "auto-reply",
  "letter",
  "silence",
] as const;
/** A request takes some milliseconds: so most of them meet the instant from before, and some from after it. */
const aroundMs = { from: -150, to: 30 } as const;

/**
 * A case is solved, and its customer is heard of once more. Mostly that is just when the case is about to close by itself: then
 * either comes first, and the customer's inquiry has to win wherever intake has it first. Each inquiry is answered in the end.
 */
export async function tellSolved(teller: Teller, caseId: string): Promise<void> {
  const { ask, draw } = teller;
  const end = draw.pick(ends);
  if (end === "letter") await ask({ op: "close", caseId, path: `/v1/cases/${caseId}/close`, body: {} });
  const solvedAt = end === "letter" ? Date.now() : timeOf(await solve(ask, caseId));
  switch (end) {
    case "silence":
      return;
    case "auto-reply":
      await delay(draw.whole(100, 3_000));
      return await write(teller, caseId, "auto-reply");
    case "race":
      await delay(solvedAt + confirmationMs + draw.whole(aroundMs.from, aroundMs.to) - Date.now());
      await write(teller, caseId, "inquiry");
      break;
    case "answer-race":
      await delay(solvedAt + confirmationMs + draw.whole(aroundMs.from, aroundMs.to) - Date.now());
      break;
    case "letter":
    case "still-broken":
    case "works":
      await delay(draw.whole(100, 3_000));
      await write(teller, caseId, end === "letter" ? draw.pick(["inquiry", "still-broken"] as const) : end);
      await delay(draw.whole(500, 14_000));
  }
  if (end === "race") await delay(draw.whole(500, 14_000));
  await answer(ask, caseId);
  if (end === "still-broken") await ask({ op: "close", caseId, path: `/v1/cases/${caseId}/close`, body: {} });
}

/** What a customer can write; a word on the cure says something on a solved case only. */
export const anything: readonly Content[] = ["inquiry", "auto-reply", "still-broken", "works"];
/** What neither confirms nor reopens a case that the vendor has solved meanwhile. */
export const inquiries: readonly Content[] = ["inquiry", "auto-reply"];

/** The customer writes, and adds what came to mind: neither is an answer, nor the holder's progress. */
export async function tellWritten(teller: Teller, caseId: string, contents: readonly Content[]): Promise<void> {
  const { ask, draw } = teller;
  await write(teller, caseId, draw.pick(contents));
  const mark = `N-${randomUUID()}`;
  const body = { kind: "hypothesis", text: mark, by: "customer", ...typedIn(draw) };
  await ask({ op: "entry", caseId, mark, path: `/v1/cases/${caseId}/entries`, body });
}

/** A rep answers in writing. */
export async function answer(ask: Ask, caseId: string): Promise<void> {
  const body = { channel: "mail", direction: "outbound", content: "answer" };
  await ask({ op: "contact", content: "answer", caseId, path: `/v1/cases/${caseId}/contacts`, body });
}

async function write({ ask, draw }: Teller, caseId: string, content: Content): Promise<void> {
  const body = { channel: draw.pick(["mail", "web"] as const), direction: "inbound", content, ...typedIn(draw) };
  await ask({ op: "contact", content, caseId, path: `/v1/cases/${caseId}/contacts`, body });
}

/** What the customer does is typed in by a rep, or by a program: it stays the customer's act. */
function typedIn(draw: Draw): { readonly person: string } | { readonly automated: true } {
  return draw.fraction() < 0.5 ? { person: "rep-1" } : { automated: true };
}

async function solve(ask: Ask, caseId: string): Promise<Outcome> {
  const body = { status: "resolved", fixCode: "memory-full" };
  return await ask({ op: "solve", caseId, path: `/v1/cases/${caseId}/status`, body });
}

/** When it happened, by the answer. */
function timeOf({ body }: Outcome): number {
  const { at } = body;
  return typeof at === "string" ? Date.parse(at) : Date.now();
}
