import type { CaseEvent } from "@crossline/contracts";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { isUnsolved } from "../../src/index.ts";
import { propertyRuns } from "../property-runs.ts";
import { DrivenIncidents } from "./driven.ts";

vi.setConfig({ testTimeout: 120_000 }); // 1,000 histories take 5 s on an idle machine.

const acts = [
  "open",
  "open",
  "open",
  "correct",
  "resolve",
  "cancel",
  "close",
  "reopen",
  "accept",
  "return",
  "vendor-resolves",
  "maximum",
  "by-hand",
  "join",
  "leave",
  "end",
  "write",
  "cross",
] as const;

/** One step: an act on a drawn case or incident, some minutes later, and then a number of waiting tasks in a drawn order. */
const step = fc.record({
  act: fc.constantFrom(...acts),
  minutes: fc.integer({ min: 0, max: 25 }),
  which: fc.nat(1_000),
  other: fc.nat(1_000),
  tasks: fc.array(fc.nat(1_000), { maxLength: 6 }),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function pick<Value>(values: Iterable<Value>, index: number): Value | undefined {
  const all = [...values];
  return all[index % Math.max(1, all.length)];
}

function play(driven: DrivenIncidents, { act, minutes, which, other }: Step): void {
  driven.now += minutes * 60_000;
  if (act === "open") return void driven.open({ symptom: which % 4 === 0 ? "echo" : "no-signal" });
  const id = pick(driven.cases.keys(), which);
  const incident = pick(driven.incidents.keys(), other);
  if (id === undefined) return;
  const { status, handoff, holder, incident: part, version } = driven.case(id);
  switch (act) {
    case "correct":
      return void driven.command(id, { type: "correct", reason: "x", symptom: other % 2 ? "echo" : "no-signal" });
    case "resolve":
      return void driven.command(id, { type: "change-status", to: "resolved", fixCode: `fix-${other % 3}` });
    case "cancel":
      return void driven.command(id, { type: "change-status", to: other % 3 ? "assessingCancellation" : "cancelled" });
    case "close":
      return void driven.command(id, { type: other % 2 ? "close" : "confirm" });
    case "reopen":
      return void driven.command(id, { type: "reopen", reason: "x" });
    case "accept":
      return isUnsolved(status) && handoff === undefined ? driven.accept(id) : undefined;
    case "return":
      return holder === "orchard" ? driven.apply(id, "handoff.returned", { code: "bad-data" }) : undefined;
    case "vendor-resolves":
      return holder === "orchard" ? driven.apply(id, "handoff.resolved", { fixCode: "by-vendor" }) : undefined;
    case "maximum":
      return part?.role === "member" ? driven.breachMaximum(id) : undefined;
    case "by-hand": {
      const member = pick(driven.cases.keys(), other) ?? id;
      return void driven.byHand(id, member === id ? [] : [member]);
    }
    case "cross":
      return void driven.command(id, { type: "cross", asOf: version, observing: false });
    default:
      if (incident !== undefined) playOnIncident(driven, act, incident, id);
  }
}

function playOnIncident(driven: DrivenIncidents, act: "join" | "leave" | "end" | "write", id: string, caseId: string) {
  const reason = "of the test";
  switch (act) {
    case "join":
      return void driven.join(id, caseId);
    case "leave":
      return void driven.carrier(id, { type: "leave", caseId, reason });
    case "end":
      return void driven.carrier(id, { type: "end", reason });
    case "write": {
      const messageId = `ms_${driven.incident(id).messages.length}`;
      return void driven.carrier(id, { type: "write", messageId, channel: "sms", via: "crm", text: "We repair it." });
    }
  }
}

/** Returns the faults of the events of one case: its parts in incidents begin and end in turn, and a member requests no crossing. */
function faultsOfEvents(events: readonly CaseEvent[]): string[] {
  let part = "none";
  let isSolved = false;
  const faults: string[] = [];
  for (const [index, { type, data, sequence }] of events.entries()) {
    const fault = (isFault: boolean): void => void (isFault && faults.push(`${type} at ${sequence}, while ${part}`));
    fault(sequence !== index + 1);
    switch (type) {
      case "incident.joined":
      case "incident.opened":
        fault(part !== "none" || isSolved);
        part = `${type === "incident.joined" ? "member" : "lead"} ${data.incidentId}`;
        break;
      case "incident.held":
        fault(part !== `member ${data.incidentId}`);
        break;
      case "incident.left":
        fault(part !== `member ${data.incidentId}`);
        part = "none";
        break;
      case "incident.counted":
        fault(part !== `lead ${data.incidentId}`);
        break;
      case "incident.ended":
        fault(part !== `lead ${data.incidentId}`);
        part = "none";
        break;
      case "crossing.requested":
        fault(part.startsWith("member"));
        break;
      case "case.resolved":
      case "case.closed":
        isSolved = true;
        break;
      case "case.reopened":
        isSolved = false;
        break;
      default:
    }
  }
  return faults;
}

/** Returns the faults of incidents that do not agree with their cases when no task waits. */
function faultsOfAgreement(driven: DrivenIncidents): string[] {
  const faults: string[] = [];
  for (const { id, ended, lead, holder, members } of driven.incidents.values()) {
    const own = [...driven.cases.values()].filter((one) => one.incident?.id === id);
    if (ended !== undefined) {
      if (own.length > 0) faults.push(`${id} has ended and has cases`);
      continue;
    }
    const { incident: part, holder: holderOfLead } = driven.case(lead.caseId);
    if (part?.id !== id || part.role !== "lead") faults.push(`${id} has no lead`);
    if (holder !== holderOfLead) faults.push(`${id} names another holder than its lead`);
    if (part?.role === "lead" && part.size.cases !== members.length + 1) faults.push(`${id} counts wrongly`);
    const ids = own.filter((one) => one.incident?.role === "member").map((one) => one.id);
    const named = members.map(({ caseId }) => caseId);
    if (ids.toSorted().join() !== named.toSorted().join()) faults.push(`${id} names other members than its cases`);
    for (const one of own) {
      if (one.incident?.role !== "member") continue;
      if (one.incident.holder !== holder || one.incident.leadCaseId !== lead.caseId)
        faults.push(`${one.id} names another lead or holder than ${id}`);
      if (!isUnsolved(one.status) || one.holder !== "northtel") faults.push(`${one.id} is solved or has crossed`);
    }
  }
  const open = new Set([...driven.incidents.values()].filter(({ ended }) => ended === undefined).map(({ id }) => id));
  for (const { id, incident } of driven.cases.values())
    if (incident !== undefined && !open.has(incident.id)) faults.push(`${id} is in no open incident`);
  return faults;
}

/** Returns the members at a fix of a lead that left by the fix and were not resolved with its code. */
function faultsOfFixes(driven: DrivenIncidents): string[] {
  return [...driven.incidents.values()].flatMap(({ id, ended, members }) =>
    members.flatMap(({ caseId }) => {
      const events = driven.events.get(caseId) ?? [];
      const isLeft = (event: CaseEvent): boolean =>
        event.type === "incident.left" && event.data.incidentId === id && event.data.cause === "cured";
      const left = events.findIndex(isLeft);
      // A case can leave before it reads the fix.
      if (ended?.cause !== "cured" || left < 0) return [];
      const status = events.slice(0, left).findLast(({ type }) => type === "case.status-changed");
      if (status?.type === "case.status-changed" && status.data.to === "assessingCancellation") return [];
      const next = events[left + 1];
      const isResolved = next?.type === "case.resolved" && next.data.fixCode === ended.fixCode;
      return isResolved ? [] : [`${caseId} was not resolved by ${id}`];
    }),
  );
}

/** Returns the cases that got a message of an incident twice. */
function faultsOfMessages(driven: DrivenIncidents): string[] {
  return [...driven.events].flatMap(([caseId, events]) => {
    const ids = events.flatMap((event) => (event.type === "message.written" ? [event.data.messageId] : []));
    return new Set(ids).size === ids.length ? [] : [`${caseId} got a message twice`];
  });
}

function playAll(steps: readonly Step[], driven: DrivenIncidents): DrivenIncidents {
  for (const one of steps) {
    play(driven, one);
    for (const index of one.tasks) driven.runOne((subjects) => index % Math.max(1, subjects));
  }
  driven.run();
  return driven;
}

test.for([
  ["run once", { repeats: false }],
  ["run twice after a crash", { repeats: true }],
] as const)(
  "whatever cases, vendors and carriers do, and in whatever order tasks %s, incidents and cases agree in the end",
  ([, how]) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const driven = playAll(steps, new DrivenIncidents(how));
        expect([...driven.events.values()].flatMap(faultsOfEvents)).toEqual([]);
        expect(faultsOfAgreement(driven)).toEqual([]);
        expect(faultsOfFixes(driven)).toEqual([]);
        expect(faultsOfMessages(driven)).toEqual([]);
      }),
      { numRuns: propertyRuns },
    );
  },
);

test("the fuzz reaches every cause of leaving and of ending", () => {
  const causes = new Set<string>();
  const sample = fc.sample(fc.array(step, { minLength: 60, maxLength: 60 }), { numRuns: 300, seed: 20 });
  for (const steps of sample) {
    const driven = playAll(steps, new DrivenIncidents());
    for (const events of driven.events.values())
      for (const { type, data } of events)
        if (type === "incident.left" || type === "incident.ended") causes.add(`${type} ${data.cause}`);
    for (const { former } of driven.incidents.values()) for (const { cause } of former) causes.add(`former ${cause}`);
  }
  expect([...causes].toSorted()).toEqual([
    "former ended",
    "former maximum",
    "former refused",
    "former removed",
    "incident.ended by-carrier",
    "incident.ended cured",
    "incident.ended lead-ended",
    "incident.left cured",
    "incident.left ended",
    "incident.left lead-ended",
    "incident.left maximum",
    "incident.left removed",
  ]);
});
