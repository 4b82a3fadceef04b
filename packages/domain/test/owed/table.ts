import { type ClockKind, clockKind, parseInstant } from "@crossline/contracts";
import { explain, formatStart } from "../../src/index.ts";
import { kindRules } from "../../src/clock/kinds/all.ts";
import type { WholeCase } from "../whole.ts";
import { justOpened, perform, samples } from "./samples.ts";

/* This file generates docs/obligations.md. The file applies each event to sample cases and prints the effect on each clock. */

type SampleStatus = keyof typeof samples;
type Row = { readonly event: string; readonly act: string; readonly on: readonly SampleStatus[] };

const rows: readonly Row[] = [
  { event: "The customer sends an inquiry", act: "a mail", on: ["open", "resolved", "closed"] },
  { event: "The customer reports that the device works", act: "it works", on: ["open", "resolved", "closed"] },
  {
    event: "The customer reports that the device is still broken",
    act: "still broken",
    on: ["open", "resolved", "closed"],
  },
  { event: "An automatic reply arrives", act: "an automatic reply", on: ["open", "resolved", "closed"] },
  { event: "The customer states a hypothesis", act: "a hypothesis of the customer", on: ["open"] },
  { event: "A person answers the customer", act: "answer", on: ["open", "resolved", "closed"] },
  { event: "A handling starts", act: "call", on: ["open", "resolved"] },
  { event: "The handling ends", act: "hang up", on: ["open"] },
  { event: "The carrier adds a new fact", act: "fact", on: ["open"] },
  { event: "A program adds a note", act: "note of a program", on: ["open"] },
  { event: "A person sets the status `held`", act: "hold", on: ["open"] },
  { event: "A program sets the status `held`", act: "status by a program", on: ["open"] },
  { event: "The carrier sets a pause for the customer", act: "wait", on: ["open"] },
  { event: "A vendor receives an offer", act: "cross", on: ["open"] },
  { event: "The vendor requests information", act: "ask", on: ["open"] },
  { event: "The vendor accepts the offer", act: "accept", on: ["open"] },
  { event: "The vendor returns the case", act: "return", on: ["open"] },
  { event: "A person of the last resort takes the case", act: "take", on: ["open"] },
  { event: "The companies hold a joint session", act: "meet", on: ["open"] },
  { event: "The case joins an incident", act: "join an incident", on: ["open"] },
  { event: "Another company holds the lead case", act: "the lead has another holder", on: ["open"] },
  { event: "The case leaves the incident", act: "leave the incident", on: ["open"] },
  { event: "The lead case is fixed", act: "the lead is fixed", on: ["open"] },
  { event: "The vendor reports a resolution", act: "resolve", on: ["open"] },
  { event: "The carrier reports a resolution", act: "fix", on: ["open"] },
  { event: "The customer confirms the fix", act: "confirm", on: ["resolved"] },
  { event: "The carrier closes the case", act: "close", on: ["open", "resolved"] },
  { event: "The carrier reopens the case", act: "reopen", on: ["resolved", "closed"] },
  { event: "The carrier cancels the case", act: "cancel", on: ["open"] },
  { event: "The carrier merges another case into the case", act: "merge another", on: ["open"] },
  { event: "The carrier moves the case to another line", act: "move", on: ["open", "resolved"] },
  { event: "The carrier raises the severity", act: "raise", on: ["open"] },
  { event: "The carrier corrects the need-by to a later instant", act: "a later deadline", on: ["open", "resolved"] },
  { event: "A company keeps the promise for the need-by", act: "deliver", on: ["open", "resolved", "closed"] },
];

/** The clock of one kind, as it is before or after an event. */
type ClockView = {
  readonly start: string;
  readonly startedAt: number;
  readonly rests: boolean;
  readonly due: number | undefined;
};

function viewOf(whole: WholeCase, kind: ClockKind): ClockView | undefined {
  const clock = whole.clocks.clocks.find((one) => one.kind === kind);
  if (clock === undefined) return undefined;
  const explained = explain(whole.clocks, whole.line, whole.now).find((one) => one.clock === clock.name);
  const { dueAt } = explained?.thresholds.find(({ percent }) => percent === 100) ?? {};
  const due = dueAt === undefined ? undefined : parseInstant(dueAt);
  return { start: formatStart(clock.start), startedAt: clock.startedAt, rests: explained?.state === "waiting", due };
}

/** Returns the effect of an event on a clock, in at most two words. */
function effectOf(before: ClockView | undefined, after: ClockView | undefined): string {
  if (before === undefined) return after === undefined ? "" : after.rests ? "starts paused" : "starts";
  if (after === undefined) return "ends";
  if (before.start !== after.start) return before.startedAt === after.startedAt ? "owed again" : "restarts";
  if (before.rests !== after.rests) return after.rests ? "pauses" : "resumes";
  if (before.due !== undefined && after.due !== undefined && before.due !== after.due)
    return before.due > after.due ? "due sooner" : "due later";
  return "·";
}

/** Returns the effects of an event in all samples in which it can happen, or undefined if it can happen in no sample. */
function effectsOf(act: string, standing: SampleStatus): ReadonlyMap<ClockKind | "status", string> | undefined {
  const effects = new Map<ClockKind | "status", Set<string>>();
  const note = (name: ClockKind | "status", what: string): void =>
    void effects.set(name, (effects.get(name) ?? new Set()).add(what));
  for (const sample of samples[standing]) {
    const whole = sample();
    whole.advance(whole.now + 60_000);
    const before = new Map(clockKind.options.map((kind) => [kind, viewOf(whole, kind)]));
    const { status } = whole.intake;
    const messageCount = whole.messages.length;
    if (perform(whole, act) !== undefined || whole.messages.length === messageCount) continue;
    for (const kind of clockKind.options) note(kind, effectOf(before.get(kind), viewOf(whole, kind)));
    note("status", whole.intake.status === status ? "·" : whole.intake.status);
  }
  return effects.size === 0 ? undefined : new Map([...effects].map(([name, what]) => [name, formatEffects(what)]));
}

/** Returns the text of a cell with the effects, and an asterisk if the samples differ. */
function formatEffects(what: ReadonlySet<string>): string {
  const changes = [...what].filter((one) => one !== "" && one !== "·").toSorted();
  if (changes.length === 0) return what.has("·") ? "·" : "";
  const depends =
    what.has("·") || changes.length > 1 || (what.has("") && changes.some((one) => one.startsWith("starts")));
  return `${changes.join(", ")}${depends ? " *" : ""}`;
}

const obligations: readonly ClockKind[] = [
  "first-response",
  "next-update",
  "reply",
  "resolution",
  "need-by",
  "promise",
  "joint",
];
const companyClocks = clockKind.options.filter((kind) => !obligations.includes(kind));

function openingRow(kinds: readonly ClockKind[]): string {
  const whole = justOpened();
  const cells = kinds.map((kind) => (viewOf(whole, kind) === undefined ? "" : "starts"));
  return `| The carrier opens the case, by mail | new | acknowledged | ${cells.join(" | ")} |`;
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
  const head = ["Event", "status before", "status after", ...kinds.map((kind) => `\`${kind}\``)];
  return [`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, openingRow(kinds), ...lines].join("\n");
}

function kindRow(kind: ClockKind): string {
  const { hours, target, implied, pausesIn, recurs, breach, pausedWhile } = kindRules[kind];
  const rests = pausesIn === undefined ? "no" : pausesIn("resolved") ? "from `resolved` on" : "from `closed` on";
  const effects = {
    cross: "takes the next line step",
    page: "pages the next roster",
    lapse: "ends the offer and takes the next line step",
    "call-again": "repeats the call of the last resort",
    close: "closes the case",
    "end-wait": "ends the pause, the question or the membership",
    "name-owner": "takes the next line step on an inquiry, and is only published otherwise",
    publish: "is published, nothing more",
  } as const;
  return `| \`${kind}\` | ${[
    target === "own" ? "its own" : "the line's",
    hours === "always" ? "around the clock" : "the line's",
    implied === undefined ? "no" : implied.where === undefined ? "yes" : "with `needBy`",
    rests,
    pausedWhile === "never" ? "no" : pausedWhile.length === 0 ? "yes" : `yes; by default ${pausedWhile.join(", ")}`,
    `${effects[breach.does]}${recurs === true ? ", and the clock restarts" : ""}`,
  ].join(" | ")} |`;
}

/** Returns the text of docs/obligations.md. */
export function obligationsDocument(): string {
  const kinds = [
    "| Clock kind | target | hours | implied in a line that crosses | paused by status | a line can pause it | a breach |",
    "|---|---|---|---|---|---|---|",
    ...clockKind.options.map(kindRow),
  ].join("\n");
  return `# Obligations

This page shows how each event changes the clocks of a case. \`npx -y pnpm generate\` applies each event to sample cases and writes the page. A test compares the page with the code. To propose a new rule, first edit this page by hand. Then change the clock kind in \`packages/domain/src/clock/kinds\`.

A company owes an obligation to the customer until the company meets it. While a case is resolved or closed, the clock of an unmet obligation is paused or still runs. After a reopening, a paused obligation is owed again. If the case is cancelled or rejected, its unmet obligations end.

How to read a cell:

- **starts**: a clock of this kind begins to run. **ends**: the event meets the obligation, or removes its reason.
- **pauses**: the clock counts nothing and stays owed. **resumes**: the same incarnation of the clock counts again.
- **owed again**: a new incarnation starts, with the counted time and the fired warnings of the previous one.
- **restarts**: the clock ends and a new incarnation starts. **due sooner**, **due later**: the deadline changed.
- **·**: the event does not change the clock. An empty cell: no sample with this status has such a clock.
- An asterisk: the effect depends on the case, and only some samples show it. The notes below give the conditions.

## Obligations to the customer

${table(obligations)}

## Clocks of the acting company

${table(companyClocks)}

## Notes

${notes}

## Clock kinds

${kinds}
`;
}

const notes = `- A customer's contact starts \`next-update\` only if a person has already answered the customer. Before the first answer, \`first-response\` runs.
- \`reply\` starts at a customer's inquiry on a resolved case, and at a customer's contact on an ended case. Each breach pages the next roster until a person replies. After the line's \`letters\` time, the ended case refuses contacts, and a contact opens a new case.
- A contact with the content \`works\` confirms a resolved case only if the carrier records it. A joint case also needs its root cause. A contact \`works\` that a vendor records confirms nothing.
- A contact ends a pause in which the case waits for the customer. A contact does not end a pause in which the case waits for a company.
- Only an act of the holder's own person restarts \`stall.idle\`. Acts of the customer and of programs do not change this clock.
- After an act of the customer, every clock is due no later than before. This rule does not apply if the customer confirms the fix, agrees to a later need-by, or ends a pause or the automatic closing. The rule also does not apply if the customer cancels, crosses or reopens the case.
- A member of an incident takes no line step, so its stall clocks end until it leaves the incident. \`information\` then charges the company that holds the lead case. The lead's fix ends the membership and resolves the member.
- A kept promise meets \`need-by\` only if the promise was made for the need-by. Another promise, or a late delivery, does not meet \`need-by\`.
- The deadlines of \`need-by\` and \`promise\` do not change while these clocks are paused. If the deadline has passed by the reopening, the clock is due at the reopening.
- A rejected or cancelled case has a final end. All obligations of this case end, but a company still owes a reply to a later contact.`;
