import { type EventData, type Instant, topics } from "@crossline/contracts";
import { type CaseClocks, type ClockInput, builtinLine, builtinRef, decide } from "@crossline/domain";
import { type Bench, type Scale, interleave, median, ratioOf } from "./frame.ts";

const minuteMs = 60_000;
const start: Instant = Date.UTC(2026, 2, 2, 9);
const carrier = "northtel";
const vendor = "orchard";
const rep = { party: carrier, person: "rep-17", automated: false };
const engineer = { party: vendor, person: "eng-4", automated: false };

/** The speed of the rules alone: the number of events that the pure core decides per second on one core. */
export const core: Bench = {
  name: "core",
  title: "Events that the pure core decides",
  about:
    "`decide` of the clocks runs under the built-in line, on one core, without I/O. Each case has an opening by telephone, two handlings with a sign of life each minute, entries, and a pause. Each case also has a crossing by hand, two offers, a claim, an acceptance, a resolution and its confirmation. The events of 500 cases alternate, so the processor's cache does not hold the state of the next case. Some events cause warnings and breaches. The reference is JSON.parse of the same events, which every consumer needs before a decision.",
  run: (scale) => measure(scale),
};

async function measure(scale: Scale) {
  const perCase = historyOf("cs_0").length;
  const events = alternate(Array.from({ length: 500 }, (_, index) => historyOf(`cs_${index}`)));
  const texts = events.map((event) => JSON.stringify(event));
  const repetitions = scale === "quick" ? 10 : 40;
  const rate = (work: () => number): number => {
    const before = performance.now();
    let count = 0;
    for (let repetition = 0; repetition < repetitions; repetition++) count += work();
    return (count * 1_000) / (performance.now() - before);
  };
  let fired = 0;
  const contestants = {
    decide: async () =>
      rate(() => {
        fired = decideAll(events);
        return events.length;
      }),
    parse: async () => rate(() => parseAll(texts)),
  };
  await interleave(1, contestants);
  const { decide: decided, parse: parsed } = await interleave(scale === "quick" ? 3 : 7, contestants);
  const { ratio, spread } = ratioOf(decided, parsed);
  const perSecond = median(decided);
  return {
    figures: [
      {
        name: "events decided per second and core",
        figure: `${Math.round(perSecond).toLocaleString("en")}/s`,
        ratio,
        spread,
        against: `JSON.parse of the same events, ${Math.round(median(parsed)).toLocaleString("en")}/s`,
        value: perSecond,
        aim: { atLeast: 200_000 },
      },
    ],
    remarks: [`A case has ${perCase} events and ${(fired / 500).toFixed(1)} firings.`],
  };
}

function decideAll(events: readonly ClockInput[]): number {
  const cases = new Map<string, CaseClocks>();
  let fired = 0;
  for (const event of events) {
    const { state, messages } = decide(cases.get(event.key), event, builtinLine, start);
    cases.set(event.key, state);
    fired += messages.length;
  }
  return fired;
}

function parseAll(texts: readonly string[]): number {
  let parsed = 0;
  for (const text of texts) if ((JSON.parse(text) as ClockInput).sequence > 0) parsed++;
  return parsed;
}

/** Returns the first event of each case, then the second of each. */
function alternate(histories: readonly (readonly ClockInput[])[]): ClockInput[] {
  const longest = Math.max(...histories.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => histories.flatMap((history) => history[index] ?? [])).flat();
}

/** Returns the events of a case from its opening to its end. */
function historyOf(key: string): ClockInput[] {
  const events: ClockInput[] = [];
  const sequences = { case: 0, handoff: 0 };
  const add = <Type extends ClockInput["type"]>(minute: number, type: Type, data: EventData<Type>): void => {
    const noun = type.startsWith("handoff.") ? "handoff" : "case";
    const time = start + minute * minuteMs;
    const sequence = ++sequences[noun];
    events.push({ topic: topics[noun], key, sequence, type, time, timeline: "wall", data } as unknown as ClockInput);
  };
  const call = (from: number, until: number): void => {
    const handling = { actor: rep, handlingId: `hd_${key}_${from}`, channel: "phone" } as const;
    add(from, "handling.started", handling);
    for (let minute = from + 1; minute < until; minute++) add(minute, "handling.continued", handling);
    add(until, "handling.ended", handling);
  };
  const entry = (minute: number, actor: typeof rep, text: string): void =>
    add(minute, "entry.added", {
      actor,
      entryId: `en_${key}_${minute}`,
      kind: "note",
      audience: "partners",
      by: "party",
      news: true,
      text,
    });
  const offer = (id: string) => ({ handoffId: `ho_${key}_${id}`, vendor, queue: "orchard.handheld", actor: rep });

  add(0, "case.opened", {
    actor: rep,
    carrier,
    carrierCaseId: key,
    kind: "handheld-fault",
    severity: "major",
    channel: "phone",
    title: "No signal since the update",
    line: builtinRef,
    lineReason: "default",
    status: "acknowledged",
    device: { vendor, model: "Handheld 8700" },
    symptom: "no-signal",
  });
  call(0, 14);
  entry(15, rep, "Reset the network settings; the signal comes and goes.");
  add(16, "case.status-changed", { actor: rep, from: "acknowledged", to: "inProgress" });
  add(20, "case.status-changed", { actor: rep, from: "inProgress", to: "pending", waitingOn: "customer" });
  add(300, "case.status-changed", { actor: rep, from: "pending", to: "inProgress" });
  call(310, 325);
  entry(330, rep, "Another SIM card does the same.");
  add(331, "crossing.requested", { actor: rep, asOf: sequences.case });
  add(331, "handoff.offered", { ...offer("1"), step: 0, attempt: 0, mode: "ticket", reason: "by-hand" });
  add(400, "handoff.rejected", { ...offer("1"), code: "not-our-device" });
  add(400, "handoff.offered", { ...offer("2"), step: 1, attempt: 0, mode: "ticket", reason: "rejected" });
  add(410, "handoff.claimed", { ...offer("2"), leaseUntil: new Date(start + 425 * minuteMs).toISOString() });
  add(415, "handoff.accepted", {
    ...offer("2"),
    actor: engineer,
    vendorCaseId: "OR-1",
    nextStep: "Read the modem's log",
    dossierVersion: 3,
    eta: new Date(start + 900 * minuteMs).toISOString(),
    readBack: { problem: "No signal", tried: "SIM, reset" },
    subject: { engineer: { name: "Robin", contact: "+1 555 0100" } },
  });
  entry(480, engineer, "The log shows that band 28 is lost after the update.");
  entry(560, engineer, "A carrier bundle fixes it.");
  add(600, "handoff.resolved", { ...offer("2"), actor: engineer, fixCode: "carrier-bundle" });
  add(601, "case.resolved", { actor: engineer, from: "inProgress", fixCode: "carrier-bundle" });
  add(900, "case.confirmed", { actor: rep });
  add(900, "case.closed", { actor: rep, from: "resolved", reason: "confirmed" });
  return events;
}
