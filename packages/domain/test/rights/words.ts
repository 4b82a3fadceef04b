import type { Act, Standing } from "../../src/index.ts";

/** How docs/rights.md calls the parts of a company. */
export const columns: Readonly<Record<Standing, string>> = {
  carrier: "carrier",
  holder: "holder",
  asked: "asked vendor",
  cured: "vendor of the cure",
  joint: "joint party",
  former: "former vendor",
  stranger: "another company",
  operator: "operator",
};

/** An act in words, and the condition under which the right to it holds. */
type Words = readonly [act: string, condition?: string];

const ofToken =
  "With the token of the latest claim. The person who holds the lease can claim again; the old token ends.";
const ofRoot = "A joint case with its root cause only.";
const ofJoint = "While the case is joint.";
const ofPromise =
  "The carrier ends every promise of the case. A vendor ends its own, also when its part is over and the promise is open.";
const ofHandling = "A handling of its own.";
const ofLine =
  "A vendor previews only the line that the case is under. The carrier previews and moves to its own lines only.";
const ofQueue =
  "A queue exists for its vendor alone. A hand-off that is over can be read there without its brief, unless its cure is unconfirmed.";
const ofPage =
  "While the last resort is called or a page of a step is out. A company whose people were paged takes it, whatever its part.";
const ofOperator = "The operator reads no case over the case's own addresses. It reads clocks and hand-offs to help.";

export const words: Readonly<Record<Act, Words>> = {
  "list-cases": ["find it in the list of cases"],
  "read-case": ["read the case", ofOperator],
  "read-contacts": ["read its contacts"],
  "read-entries": ["read its entries", "An internal entry is for its author's company alone."],
  "read-handlings": ["read its handlings"],
  "export-dossier": ["take the dossier away"],
  "read-clocks": ["read its clocks", ofOperator],
  "preview-own-line": ["preview another version of its line", ofLine],
  "preview-other-line": ["preview another line", ofLine],
  "read-handoffs": ["read its hand-offs", "A vendor reads its own hand-offs."],
  "read-queue": ["find its hand-off in the queue", ofQueue],
  "read-queued-handoff": ["read its hand-off in the queue", ofQueue],
  "hear-by-webhook": ["hear of it by webhook", "A vendor hears of its own hand-offs only."],

  open: ["open a case", "A carrier opens cases of its own."],
  contact: ["record a contact", "That the cure works confirms a case only if the carrier records it."],
  "contact-by-device": [
    "record a contact without naming the case",
    "A vendor's contact joins only a case that the vendor has had. Else it waits for one, and the answer is the same for all.",
  ],
  "start-handling": ["begin a live handling"],
  beat: ["keep a handling alive", ofHandling],
  "end-handling": ["end a handling", ofHandling],
  "add-entry": ["write an entry"],
  cross: ["ask for a crossing", "As of the version that was seen, and not under a line that only observes."],
  "change-status": ["change the status", ofRoot],
  "end-by-status": [
    "reject or cancel it",
    "A joint case is cancelled only after `assessingCancellation`, and with its root cause.",
  ],
  "raise-severity": ["raise the severity"],
  "lower-severity": [
    "lower the severity",
    "A holder's wish is a proposal, which changes no clock until the carrier sets it.",
  ],
  "decline-severity": ["decline a proposed severity"],
  correct: ["correct the case"],
  move: ["move it to another line", ofLine],
  merge: [
    "merge it into another",
    "Both are the carrier's own, and no vendor has the one that ends or is asked to take it.",
  ],
  confirm: ["confirm the cure", ofRoot],
  close: ["close it", ofRoot],
  reopen: ["reopen it"],
  promise: ["promise something"],
  "promise-for-another": ["record a vendor's promise", "Of a vendor that the case was offered to."],
  "deliver-promise": ["report that a promise was kept", ofPromise],
  "withdraw-promise": ["take a promise back", ofPromise],

  claim: ["claim a hand-off", ofToken],
  renew: ["renew the lease", ofToken],
  release: ["release it", ofToken],
  accept: ["accept it", `${ofToken} The engineer has read the present version of the brief.`],
  reject: ["reject it", ofToken],
  "request-info": ["ask the carrier for information", ofToken],
  return: ["return it", "With the token, and with evidence. A joint case is not returned."],
  transfer: [
    "pass it on",
    "With the token. Back to a vendor that had accepted it only with evidence. A joint case is not passed on.",
  ],
  resolve: ["report the cure", `With the token. ${ofRoot}`],
  "provide-information": [
    "answer a vendor's question",
    "While the question is open; it gives items that were asked for.",
  ],
  "name-joint-person": ["name its person for a joint case", ofJoint],
  "hold-joint-session": ["report a joint session", ofJoint],
  take: ["take a case that people are called for", ofPage],
};
