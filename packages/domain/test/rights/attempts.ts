import { type Actor, type CaseStatus, type Refusal, type Severity, formatInstant } from "@crossline/contracts";
import {
  type Action,
  type CaseCommand,
  type HandoffCommand,
  type Role,
  holdSession,
  answerQuestion,
  isRefused,
  mergeCases,
  nameJointPerson,
  openCase,
  openHandoffOf,
  refuseAction,
  rolesOf,
  takeByPerson,
} from "../../src/index.ts";
import type { LinkAction, ReadAction } from "../../src/reading/actions.ts";
import type { WholeCase } from "../whole.ts";
import { otherLine } from "./lines.ts";
import { unstaffed } from "../unstaffed.ts";

/** The actions that change a case. The rule `accessOf` decides the reading actions. */
export type AttemptedAction = Exclude<Action, ReadAction | LinkAction | "open" | "contact-by-device">;
type Attempt = (whole: WholeCase, actor: Actor) => Refusal | undefined;

const engineer = { name: "Ada Lovett", contact: "ada@orchard.example" };
const evidence = { test: "t", result: "r", wouldChangeOurMind: "w" };
let counter = 0;
const id = (prefix: string): string => `${prefix}_${++counter}`;
const inTwoHours = ({ now }: WholeCase): string => formatInstant(now + 7_200_000);

const asCase =
  (command: (whole: WholeCase, actor: Actor) => CaseCommand): Attempt =>
  (whole, actor) =>
    whole.command(command(whole, actor), actor);
const status = (to: CaseStatus, more: object = {}): Attempt => asCase(() => ({ type: "change-status", to, ...more }));
const severity = (to: Severity): Attempt => asCase(() => ({ type: "change-severity", to }));

const change = { by: "northtel", title: "x", startsAt: "2026-03-09T09:00:00.000Z", late: false };
const message = { type: "write-message", channel: "sms", via: "crm", text: "x" } as const;

/** Returns an attempt on a message that the carrier has just written. The guard holds a text that is only a link. */
const onMessage =
  (state: "held" | "released", command: (messageId: string) => CaseCommand): Attempt =>
  (whole, actor) => {
    const messageId = id("ms");
    const text = state === "held" ? "https://help.northtel.example/1" : "x";
    whole.command({ ...message, messageId, text }, { party: whole.intake.carrier, automated: false });
    return whole.command(command(messageId), actor);
  };

/** Returns the roles of a caller. An API key identifies the operator, and the case gives the roles of a company. */
export function rolesInSample(whole: WholeCase, { party }: Actor): readonly Role[] {
  return party === "desk" ? ["operator"] : rolesOf(whole.intake, party);
}

/** Returns an attempt of an action in routing. As in the service, the table of rights refuses the operator before the rule runs. */
const asRouting =
  (act: Action, run: Attempt): Attempt =>
  (whole, actor) =>
    actor.party === "desk" ? refuseAction(["operator"], act) : run(whole, actor);

/** Returns a function that attempts a desk's action. A desk finds open and ended hand-offs, but only those of its own queues. */
const asDesk =
  (command: (token: number, whole: WholeCase) => HandoffCommand): Attempt =>
  (whole, actor) => {
    const open = openHandoffOf(whole.crossing);
    const given = command(open?.token ?? 0, whole);
    const own = open?.vendor === actor.party ? open.id : "ho_ended";
    const refused = refuseAction(rolesInSample(whole, actor), given.type);
    return refused?.code === "not_found" ? refused : whole.desk(own, given, actor);
  };

/** One attempt of each action. Each attempt meets all conditions of its action except the role. */
export const attempts: Readonly<Record<AttemptedAction, Attempt>> = {
  contact: asCase(() => ({
    type: "contact",
    contactId: id("ct"),
    channel: "mail",
    direction: "outbound",
    content: "answer",
  })),
  "start-handling": asCase(() => ({ type: "start-handling", handlingId: id("hd"), channel: "phone" })),
  beat: asCase(({ intake }, { party }) => ({ type: "beat", handlingId: handlingOf(intake.handlings, party) })),
  "end-handling": asCase(({ intake }, { party }) => ({
    type: "end-handling",
    handlingId: handlingOf(intake.handlings, party),
  })),
  "add-entry": asCase(() => ({
    type: "add-entry",
    entryId: id("en"),
    kind: "note",
    audience: "partners",
    by: "party",
    news: true,
    text: "x",
  })),
  cross: asCase(({ intake }) => ({ type: "cross", asOf: intake.version, observing: false })),
  "change-status": status("held"),
  "end-by-status": status("cancelled"),
  "raise-severity": severity("critical"),
  "lower-severity": severity("minor"),
  "decline-severity": asCase(() => ({ type: "decline-severity", reason: "x" })),
  correct: asCase(() => ({ type: "correct", reason: "x", title: id("title") })),
  move: (whole, actor) => whole.move(otherLine, actor),
  merge,
  "write-message": asCase(() => ({ ...message, messageId: id("ms") })),
  "reword-message": onMessage("held", (messageId) => ({ type: "reword-message", messageId, text: "x" })),
  "release-message": onMessage("held", (messageId) => ({ type: "release-message", messageId, reason: "x" })),
  "withdraw-message": onMessage("held", (messageId) => ({ type: "withdraw-message", messageId, reason: "x" })),
  "report-sent": onMessage("released", (messageId) => ({ type: "report-sent", messageId })),
  "report-failed": onMessage("released", (messageId) => ({ type: "report-failed", messageId, reason: "x" })),
  "link-change": asCase(() => ({ type: "link-change", link: { ...change, changeId: id("ch") }, reason: "x" })),
  "unlink-change": (whole, actor) => {
    const link = { ...change, changeId: id("ch") };
    whole.command({ type: "link-change", link }, { party: whole.intake.carrier, automated: true });
    return whole.command({ type: "unlink-change", changeId: link.changeId, reason: "x" }, actor);
  },
  confirm: asCase(() => ({ type: "confirm" })),
  close: asCase(() => ({ type: "close" })),
  reopen: asCase(() => ({ type: "reopen", code: "still-broken", reason: "x" })),
  promise: asCase((whole) => ({ type: "promise", promiseId: id("pr"), text: "x", until: inTwoHours(whole) })),
  "promise-for-another": asCase((whole, { party }) => {
    const promisor = party === "orchard" ? "quill" : "orchard";
    return { type: "promise", promiseId: id("pr"), promisor, text: "x", until: inTwoHours(whole) };
  }),
  "deliver-promise": asCase((whole) => ({ type: "deliver-promise", promiseId: promiseIn(whole), evidence: "x" })),
  "withdraw-promise": asCase((whole) => ({ type: "withdraw-promise", promiseId: promiseIn(whole), reason: "x" })),

  claim: asDesk(() => ({ type: "claim" })),
  renew: asDesk((token) => ({ type: "renew", token })),
  release: asDesk((token) => ({ type: "release", token })),
  reject: asDesk((token) => ({ type: "reject", token, code: "duplicate" })),
  "request-info": asDesk((token) => ({ type: "request-info", token, code: "needs-log", items: [] })),
  return: asDesk((token) => ({ type: "return", token, code: "bad-data", evidence })),
  transfer: asDesk((token) => ({ type: "transfer", token, code: "wrong-team", to: "quill.care" })),
  resolve: asDesk((token) => ({ type: "resolve", token, fixCode: "x", rootCause: "y" })),
  accept: asDesk((token, whole) => ({
    type: "accept",
    token,
    engineer,
    vendorCaseId: "OR-1",
    nextStep: "x",
    eta: inTwoHours(whole),
    readBack: { problem: "x", tried: "y" },
    dossierVersion: whole.crossing.material.version,
  })),
  "provide-information": asRouting("provide-information", (whole, actor) => {
    const deps = { ...unstaffed, line: whole.line };
    return whole.route((state) =>
      answerQuestion(state, { handoffId: openHandoffOf(state)?.id ?? "none", actor, answer: "x" }, deps, whole.now),
    );
  }),
  "name-joint-person": asRouting("name-joint-person", (whole, actor) =>
    whole.route((state) => nameJointPerson(state, { engineer }, actor, whole.now)),
  ),
  "hold-joint-session": asRouting("hold-joint-session", (whole, actor) =>
    whole.route((state) => holdSession(state, "x", actor, whole.now)),
  ),
  take: asRouting("take", (whole, actor) =>
    whole.route((state) => takeByPerson(state, { engineer, actor }, { ...unstaffed, line: whole.line }, whole.now)),
  ),
};

function handlingOf(handlings: WholeCase["intake"]["handlings"], own: string): string {
  return (handlings.find(({ party }) => party === own) ?? handlings[0])?.id ?? "none";
}

function promiseIn({ intake }: WholeCase): string {
  return intake.promises?.findLast(({ state }) => state === "open")?.id ?? "none";
}

/** Merges the sample into another case of its carrier. */
function merge({ intake, now }: WholeCase, actor: Actor): Refusal | undefined {
  const { carrier, timeline, line, kind, title, channel, severity: its } = intake;
  const opening = { id: "cs_00000000000000000000000003", timeline, line, kind, title, channel, severity: its };
  const words = { ...opening, carrierCaseId: "NT-3", lineReason: "of the test", status: "acknowledged" } as const;
  const { state: other } = openCase(words, { party: carrier, automated: false }, now);
  const merging = {
    reason: "the same",
    clocks: [],
    entries: [],
    contacts: { count: 1, byChannel: {}, lastAt: formatInstant(now) },
    observing: { source: false, target: false },
    promiseId: () => id("pr"),
    entryId: id("en"),
  };
  const merged = mergeCases(intake, other, { ...merging, actor }, now);
  return isRefused(merged) ? merged.refused : undefined;
}
