import { type DrawnEvent, agent, rep, program } from "./basic-events.ts";

const evidence = { test: "x", result: "x", wouldChangeOurMind: "x" };
const parties = ["northtel", "orchard", "acme"];
const words = { kind: "decision", by: "party", news: false, audience: "partners", text: "x" };

/**
 * Events that the companies of a case cause: transfers, returns, joint cases, severity proposals and entries. The last offer
 * decides which vendor acts.
 */
export const accountabilityEvents: readonly DrawnEvent[] = [
  ["handoff.offered", { vendor: "acme", actor: program }],
  ["handoff.transferred", { vendor: "orchard", code: "wrong-team", to: "orchard.handheld", evidence, actor: agent }],
  ["handoff.returned", { vendor: "orchard", code: "belongs-to-third-party", evidence, returns: 2, actor: agent }],
  ["joint.declared", { accountable: "northtel", parties, returns: 2, actor: program }],
  ["case.severity-proposed", { to: "minor", reason: "x", actor: agent }],
  ["case.severity-proposed", { to: "major", actor: { ...agent, automated: true } }],
  ["case.severity-declined", { to: "minor", reason: "x", actor: rep }],
  [
    "entry.added",
    { ...words, of: { topic: "crossline.handoff.v1", sequence: 1 }, actor: { ...agent, automated: true } },
  ],
  ["entry.added", { ...words, of: { topic: "crossline.case.v1", sequence: 1 }, actor: { ...rep, automated: true } }],
  ["case.status-changed", { from: "inProgress", to: "assessingCancellation", actor: rep }],
  ["case.status-changed", { from: "assessingCancellation", to: "cancelled", rootCause: "x", actor: rep }],
];
