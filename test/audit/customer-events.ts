import type { ContactContent } from "@crossline/contracts";
import { type DrawnEvent, agent, rep, program } from "./basic-events.ts";

const contents: readonly ContactContent[] = ["inquiry", "still-broken", "works", "answer", "auto-reply", "article"];
const mail = { channel: "mail" };

/**
 * Acts of the customer, answers, and events that concern obligations. The need-by of a correction is `needByMs` after
 * the instant of the correction.
 */
export const customerEvents: readonly DrawnEvent[] = [
  ...contents.flatMap((content): DrawnEvent[] => [
    ["case.contacted", { ...mail, direction: "inbound", content, actor: rep }],
    ["case.contacted", { ...mail, direction: "inbound", content, actor: program }],
    ["case.contacted", { ...mail, direction: "outbound", content, actor: rep }],
  ]),
  ["case.contacted", { ...mail, direction: "outbound", content: "answer", actor: program }],
  ["case.contacted", { ...mail, inMessage: true, direction: "outbound", content: "answer", actor: rep }],
  ["case.contacted", { ...mail, inMessage: true, direction: "outbound", content: "answer", actor: agent }],
  ["case.contacted", { ...mail, inMessage: true, direction: "outbound", content: "article", actor: rep }],
  ["message.failed", { which: "first", reason: "x", wasSent: true, actor: program }],
  ["message.failed", { which: "last", reason: "x", wasSent: true, actor: program }],
  ["message.failed", { which: "last", reason: "x", wasSent: true, actor: rep }],
  ["message.failed", { which: "none", reason: "x", wasSent: false, actor: rep }],
  ["case.contacted", { ...mail, direction: "outbound", content: "answer", actor: agent }],
  ["case.contacted", { channel: "phone", person: true, direction: "inbound", content: "inquiry", actor: rep }],
  ["case.contacted", { channel: "phone", person: true, direction: "outbound", content: "answer", actor: rep }],
  ["entry.added", { kind: "message", by: "customer", news: true, actor: rep }],
  ["entry.added", { kind: "hypothesis", by: "customer", news: true, actor: program }],
  ["case.status-changed", { from: "inProgress", to: "cancelled", actor: rep }],
  ["case.status-changed", { from: "inProgress", to: "rejected", actor: rep }],
  ["case.recorded", { status: "resolved", actor: rep }],
  ["case.recorded", { status: "closed", actor: rep }],
  ["case.recorded", { status: "pending", actor: rep }],
  ["case.resolved", { from: "inProgress", actor: program }],
  ["case.resolved", { from: "inProgress", actor: rep }],
  ["case.closed", { from: "inProgress", reason: "merged", actor: rep }],
  ["case.closed", { from: "resolved", reason: "confirmation-lapsed", actor: program }],
  ["case.reopened", { from: "closed", reason: "again", actor: rep }],
  ["case.reopened", { from: "resolved", reason: "again", actor: program }],
  ["case.corrected", { needByMs: 3_600_000, actor: rep }],
  ["case.corrected", { needByMs: 18_000_000, actor: rep }],
  ["case.corrected", { needByMs: 0, actor: program }],
  ["case.corrected", { needBy: null, actor: rep }],
  ["case.corrected", { title: "x", actor: rep }],
  ["promise.made", { promisor: "northtel", untilMs: 1_800_000, for: "need-by", actor: rep }],
  ["promise.delivered", { promisor: "northtel", kept: true, for: "need-by", actor: rep }],
  ["promise.delivered", { promisor: "northtel", kept: false, for: "need-by", actor: rep }],
];
