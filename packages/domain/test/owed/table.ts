import { type ClockKind, clockKind, parseInstant } from "@crossline/contracts";
import { explain, formatStart } from "../../src/index.ts";
import { kindRules } from "../../src/clock/kinds/all.ts";
import type { Whole } from "../whole.ts";
import { justOpened, perform, samples } from "./samples.ts";

/* docs/obligations.md: what each event does to each obligation, found by letting it happen to sample cases. */

type Standing = keyof typeof samples;
type Row = { readonly event: string; readonly act: string; readonly on: readonly Standing[] };

const rows: readonly Row[] = [
  { event: "The customer asks something", act: "a mail", on: ["open", "resolved", "closed"] },
  { event: "The customer says that it works", act: "it works", on: ["open", "resolved", "closed"] },
  { event: "The customer says that it is still broken", act: "still broken", on: ["open", "resolved", "closed"] },
  { event: "An automatic reply", act: "an automatic reply", on: ["open", "resolved", "closed"] },
  { event: "The customer's own hypothesis", act: "a guess of the customer's", on: ["open"] },
  { event: "A person answers", act: "answer", on: ["open", "resolved", "closed"] },
  { event: "A live handling starts", act: "call", on: ["open", "resolved"] },
  { event: "The handling ends", act: "hang up", on: ["open"] },
  { event: "The carrier tries a step or learns a fact", act: "fact", on: ["open"] },
  { event: "A program writes a note", act: "note of a robot", on: ["open"] },
  { event: "A person flips the status", act: "hold", on: ["open"] },
  { event: "A program flips the status", act: "flip by a robot", on: ["open"] },
  { event: "The case waits for the customer", act: "wait", on: ["open"] },
  { event: "The case crosses: offered", act: "cross", on: ["open"] },
  { event: "The vendor asks back", act: "ask", on: ["open"] },
  { event: "The vendor accepts", act: "accept", on: ["open"] },
  { event: "The vendor returns the case", act: "return", on: ["open"] },
  { event: "A person of the last resort takes it", act: "take", on: ["open"] },
  { event: "A joint session is held", act: "meet", on: ["open"] },
  { event: "The vendor solves it", act: "resolve", on: ["open"] },
  { event: "The carrier solves it", act: "cure", on: ["open"] },
  { event: "The customer confirms", act: "confirm", on: ["resolved"] },
  { event: "The carrier closes it", act: "close", on: ["open", "resolved"] },
  { event: "The carrier reopens it", act: "reopen", on: ["resolved", "closed"] },
  { event: "The carrier cancels it", act: "cancel", on: ["open"] },
  { event: "Another case is merged into it", act: "merge another", on: ["open"] },
  { event: "It is moved to another line", act: "move", on: ["open", "resolved"] },
  { event: "The severity rises", act: "raise", on: ["open"] },
  { event: "The deadline is corrected to a later one", act: "a later deadline", on: ["open", "resolved"] },
  { event: "The promise for the deadline is kept", act: "deliver", on: ["open", "resolved", "closed"] },
];

/** What a clock of one kind looks like before or after an event. */
type Seen = {
  readonly start: string;
  readonly startedAt: number;
  readonly rests: boolean;
  readonly due: number | undefined;
};

function see(whole: Whole, kind: ClockKind): Seen | undefined {
  const clock = whole.clocks.clocks.find((one) => one.kind === kind);
  if (clock === undefined) return undefined;
  const explained = explain(whole.clocks, whole.line, whole.now).find((one) => one.clock === clock.name);
  const { dueAt } = explained?.thresholds.find(({ percent }) => percent === 100) ?? {};
  const due = dueAt === undefined ? undefined : parseInstant(dueAt);
  return { start: formatStart(clock.start), startedAt: clock.startedAt, rests: explained?.state === "waiting", due };
}

/** In two or three words. */
function effect(before: Seen | undefined, after: Seen | undefined): string {
  if (before === undefined) return after === undefined ? "" : after.rests ? "starts, rests" : "starts";
  if (after === undefined) return "ends";
  if (before.start !== after.start) return before.startedAt === after.startedAt ? "owed again" : "starts again";
  if (before.rests !== after.rests) return after.rests ? "rests" : "goes on";
  if (before.due !== undefined && after.due !== undefined && before.due !== after.due)
    return before.due > after.due ? "due sooner" : "due later";
  return "·";
}

/** What an event does, over all samples of a standing in which it can happen; undefined where it never can. */
function effectsOf(act: string, standing: Standing): ReadonlyMap<ClockKind | "status", string> | undefined {
  const found = new Map<ClockKind | "status", Set<string>>();
  const note = (name: ClockKind | "status", what: string): void =>
    void found.set(name, (found.get(name) ?? new Set()).add(what));
  for (const sample of samples[standing]) {
    const whole = sample();
    whole.advance(whole.now + 60_000);
    const before = new Map(clockKind.options.map((kind) => [kind, see(whole, kind)]));
    const { status } = whole.intake;
    const told = whole.told.length;
    if (perform(whole, act) !== undefined || whole.told.length === told) continue;
    for (const kind of clockKind.options) note(kind, effect(before.get(kind), see(whole, kind)));
    note("status", whole.intake.status === status ? "·" : whole.intake.status);
  }
  return found.size === 0 ? undefined : new Map([...found].map(([name, what]) => [name, joined(what)]));
}

/** With an asterisk where it depends on the case. */
function joined(what: ReadonlySet<string>): string {
  const seen = [...what].filter((one) => one !== "" && one !== "·").toSorted();
  if (seen.length === 0) return what.has("·") ? "·" : "";
  const depends = what.has("·") || seen.length > 1 || (what.has("") && seen.some((one) => one.startsWith("starts")));
  return `${seen.join(", ")}${depends ? " *" : ""}`;
}

const owed: readonly ClockKind[] = [
  "first-response",
  "next-update",
  "reply",
  "resolution",
  "need-by",
  "promise",
  "joint",
];
const turns = clockKind.options.filter((kind) => !owed.includes(kind));

function opening(kinds: readonly ClockKind[]): string {
  const whole = justOpened();
  const cells = kinds.map((kind) => (see(whole, kind) === undefined ? "" : "starts"));
  return `| The case is opened, by mail | new | acknowledged | ${cells.join(" | ")} |`;
}

function table(kinds: readonly ClockKind[]): string {
  const lines = rows.flatMap(({ event, act, on }) =>
    on.flatMap((standing) => {
      const effects = effectsOf(act, standing);
      if (effects === undefined) return [];
      const cells = ["status" as const, ...kinds].map((name) => effects.get(name) ?? "");
      return [`| ${event} | ${standing} | ${cells.join(" | ")} |`];
    }),
  );
  const head = ["Event", "on a case that is", "status", ...kinds.map((kind) => `\`${kind}\``)];
  return [`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, opening(kinds), ...lines].join("\n");
}

function about(kind: ClockKind): string {
  const { hours, target, implied, restsIn, recurs, breach, pausedWhile } = kindRules[kind];
  const rests = restsIn === undefined ? "no" : restsIn("resolved") ? "while solved" : "while closed";
  const effects = {
    cross: "takes the next step",
    page: "pages the next roster",
    lapse: "ends the offer; next step",
    "call-again": "calls again",
    close: "closes the case",
    "end-wait": "ends the wait",
    tell: "is published",
  } as const;
  return `| \`${kind}\` | ${[
    target === "own" ? "its own" : "the line's",
    hours === "always" ? "around the clock" : "the line's",
    implied === undefined ? "no" : implied.where === undefined ? "yes" : "with a plan",
    rests,
    pausedWhile === "never" ? "no" : pausedWhile.length === 0 ? "yes" : `yes; usually ${pausedWhile.join(", ")}`,
    `${effects[breach.does]}${recurs === true ? ", and counts again" : ""}`,
  ].join(" | ")} |`;
}

/** The whole document, as it has to stand in docs/obligations.md. */
export function obligationsDocument(): string {
  const kinds = [
    "| Clock | target | hours | implied by a line that crosses | rests, and stays owed | a line can pause it | its breach |",
    "|---|---|---|---|---|---|---|",
    ...clockKind.options.map(about),
  ].join("\n");
  return `# Obligations

This page is generated by \`npx -y pnpm generate\`: each event happens to sample cases in every standing, and the page shows what their
clocks did. A test keeps it true. Discuss the next rule here, then change the clock's file in \`packages/domain/src/clock/kinds\`.

An obligation ends because it is met, never because the case changes its state. While a case is solved or closed, what was not met
rests or runs on; a reopening makes it owed again.

How to read a cell:

- **starts**: a clock of this kind begins to run. **ends**: the event meets the obligation, or takes away its reason.
- **rests**: the clock stops counting and stays owed. **goes on**: it counts again, as the same incarnation.
- **owed again**: a new incarnation that keeps what was counted and every warning that fired.
- **starts again**: the clock ended and a new one began. **due sooner**, **due later**: the deadline has changed.
- **·**: the clock runs or rests as before. An empty cell: no sample of this standing has such a clock.
- An asterisk: it depends on the case, and not every sample shows it. The notes below say what it depends on.

## What is owed to the customer

${table(owed)}

## Whose turn it is

${table(turns)}

## Notes

${notes}

## The kinds

${kinds}
`;
}

const notes = `- The customer's contact starts \`next-update\` only where a person has answered before; until then \`first-response\` runs.
- \`reply\` starts where the case is resolved and the customer asks something, and at any contact on a case that is over. Each breach pages
  the next roster until a person answers. A contact after the line's \`letters\` time is refused there and opens a new case.
- "It works" confirms a resolved case if the carrier records it, and if a joint case has its root cause. A vendor's word confirms nothing.
- A contact ends a wait for the customer, not a wait for a company.
- \`stall.idle\` starts again only with an act of the holder's own person; the acts of the customer and of programs leave it alone.
- The exceptions from "after an act of the customer every clock is due no later": the customer confirms, agrees to a later deadline, cancels,
  crosses or reopens the case, or ends a wait or the automatic closing.
- A kept promise meets \`need-by\` only where it was made for it; another promise, or one that is kept too late, does not.
- \`need-by\` and \`promise\` keep their instant while they rest. Where it has passed, they are due at the reopening.
- Rejected and cancelled cases are final: what was owed ends, but the answer to a letter is still owed.`;
