import { setTimeout as delay } from "node:timers/promises";
import { randomUUID } from "node:crypto";
import type { createDraw } from "../plan.ts";
import type { SendCommand, CommandOutcome } from "./sender.ts";
import { confirmationMs } from "./lines.ts";

type Draw = ReturnType<typeof createDraw>;
type Clients = { readonly send: SendCommand; readonly draw: Draw };
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
/**
 * The time of a contact in relation to the due instant of the closing. Most contacts arrive before the due instant, and
 * some after it.
 */
const aroundMs = { from: -150, to: 30 } as const;

/**
 * Solves a case and plays one more act of its customer. Most acts happen when the automatic closing is due, so the act
 * or the closing can be first. If intake records an inquiry before it reads the breach, the case must stay resolved.
 * The carrier answers each inquiry in the end.
 */
export async function playSolved(clients: Clients, caseId: string): Promise<void> {
  const { send, draw } = clients;
  const end = draw.pick(ends);
  if (end === "letter") await send({ op: "close", caseId, path: `/v1/cases/${caseId}/close`, body: {} });
  const solvedAt = end === "letter" ? Date.now() : timeOf(await solve(send, caseId));
  switch (end) {
    case "silence":
      return;
    case "auto-reply":
      await delay(draw.whole(100, 3_000));
      return await write(clients, caseId, "auto-reply");
    case "race":
      await delay(solvedAt + confirmationMs + draw.whole(aroundMs.from, aroundMs.to) - Date.now());
      await write(clients, caseId, "inquiry");
      break;
    case "answer-race":
      await delay(solvedAt + confirmationMs + draw.whole(aroundMs.from, aroundMs.to) - Date.now());
      break;
    case "letter":
    case "still-broken":
    case "works":
      await delay(draw.whole(100, 3_000));
      await write(clients, caseId, end === "letter" ? draw.pick(["inquiry", "still-broken"] as const) : end);
      await delay(draw.whole(500, 14_000));
  }
  if (end === "race") await delay(draw.whole(500, 14_000));
  await answer(send, caseId);
  if (end === "still-broken") await send({ op: "close", caseId, path: `/v1/cases/${caseId}/close`, body: {} });
}

/** The contents of a customer's contact. A contact about the fix has an effect only on a solved case. */
export const allContents: readonly Content[] = ["inquiry", "auto-reply", "still-broken", "works"];
/** Contents with which a contact neither confirms nor reopens the case, even if the vendor has solved the case meanwhile. */
export const harmlessContents: readonly Content[] = ["inquiry", "auto-reply"];

/** Plays a contact and an entry of the customer. The checker counts neither act as an answer or as progress. */
export async function playWriting(clients: Clients, caseId: string, contents: readonly Content[]): Promise<void> {
  const { send, draw } = clients;
  await write(clients, caseId, draw.pick(contents));
  const mark = `N-${randomUUID()}`;
  const body = { kind: "hypothesis", text: mark, by: "customer", ...typedIn(draw) };
  await send({ op: "entry", caseId, mark, path: `/v1/cases/${caseId}/entries`, body });
}

/** Sends a rep's written answer. */
export async function answer(send: SendCommand, caseId: string): Promise<void> {
  const body = { channel: "mail", direction: "outbound", content: "answer" };
  await send({ op: "contact", content: "answer", caseId, path: `/v1/cases/${caseId}/contacts`, body });
}

async function write({ send, draw }: Clients, caseId: string, content: Content): Promise<void> {
  const body = { channel: draw.pick(["mail", "web"] as const), direction: "inbound", content, ...typedIn(draw) };
  await send({ op: "contact", content, caseId, path: `/v1/cases/${caseId}/contacts`, body });
}

/** Draws the rep or the program that records an act of the customer. */
function typedIn(draw: Draw): { readonly person: string } | { readonly automated: true } {
  return draw.fraction() < 0.5 ? { person: "rep-1" } : { automated: true };
}

async function solve(send: SendCommand, caseId: string): Promise<CommandOutcome> {
  const body = { status: "resolved", fixCode: "memory-full" };
  return await send({ op: "solve", caseId, path: `/v1/cases/${caseId}/status`, body });
}

/** Returns the time of the event in the response. */
function timeOf({ body }: CommandOutcome): number {
  const { at } = body;
  return typeof at === "string" ? Date.parse(at) : Date.now();
}
