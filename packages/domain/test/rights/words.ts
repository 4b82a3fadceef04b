import type { Action, Role } from "../../src/index.ts";

/** The names of the roles in docs/rights.md. */
export const columns: Readonly<Record<Role, string>> = {
  carrier: "carrier",
  holder: "holder",
  asked: "asked vendor",
  cured: "vendor of the fix",
  joint: "joint party",
  former: "former vendor",
  stranger: "another company",
  operator: "operator",
};

/** The name of an action, and the condition under which a role has the right to it. */
type Words = readonly [action: string, condition?: string];

const ofToken =
  "The command needs the latest fencing token. The person with the lease can claim the offer again, and the old token becomes invalid.";
const ofRoot = "A joint case needs its root cause.";
const ofJoint = "The case is a joint case.";
const ofPromise =
  "The carrier can end every promise of the case. A vendor can end its own open promises, also after its part has ended.";
const ofHandling = "The company itself started the handling.";
const ofLine =
  "A vendor previews only versions of the case's own line. The carrier previews its own lines, and moves cases to them.";
const ofQueue =
  "Only its vendor reads a queue. The queue shows the brief of an ended hand-off only while the fix is unconfirmed.";
const ofPage =
  "Routing calls the last resort, or a page of a line step is open. A company whose people were paged can take the case, whatever its part is.";
const ofMessage = "Only the carrier answers the customer by a message, even if a vendor holds the case.";
const ofLink =
  "A person with a link reads the customer's screen of the case, without a key. The screen shows nothing internal.";
const ofChange = "The company announced the change, or the change affects the company.";
const ofOperator = "The operator cannot read the case itself. For support, the operator reads clocks and hand-offs.";

export const words: Readonly<Record<Action, Words>> = {
  "list-cases": ["find the case in the list of cases"],
  "read-case": ["read the case", ofOperator],
  "read-contacts": ["read the contacts"],
  "read-entries": ["read the entries", "Only the company of the author reads an internal entry."],
  "read-handlings": ["read the handlings"],
  "read-messages": ["read the outbound messages"],
  "export-dossier": ["export the dossier"],
  "read-clocks": ["read the clocks", ofOperator],
  "read-clock-history": ["read the history of the clocks"],
  "read-journal": ["read the journal", "Only the company of the author reads an internal entry."],
  "find-by-search": ["find the case by a search or on a board"],
  "preview-own-line": ["preview another version of the case's line", ofLine],
  "preview-other-line": ["preview another line", ofLine],
  "read-handoffs": ["read the hand-offs", "A vendor reads its own hand-offs."],
  "read-queue": ["find the hand-off in the queue", ofQueue],
  "read-queued-handoff": ["read the hand-off in the queue", ofQueue],
  "hear-by-webhook": [
    "receive events by webhook, and read their deliveries",
    "A vendor receives only events of its own hand-offs. The operator reads the deliveries without payloads and addresses.",
  ],

  open: ["open a case", "A carrier opens its own cases."],
  contact: ["record a contact", "A contact `works` confirms a case only if the carrier records it."],
  "contact-by-device": [
    "record a contact without a case id",
    "A vendor's contact joins only a case that the vendor has accepted. If the vendor has accepted no case of the device, the contact becomes a waiting contact, with the same response.",
  ],
  "start-handling": ["start a handling"],
  beat: ["send a heartbeat", ofHandling],
  "end-handling": ["end a handling", ofHandling],
  "add-entry": ["add an entry"],
  cross: [
    "request a crossing",
    "The request names the version of the case that the person read. The line must not be an observing line.",
  ],
  "change-status": ["change the status", ofRoot],
  "end-by-status": [
    "reject or cancel the case",
    "A joint case is cancelled only after `assessingCancellation`, and with its root cause.",
  ],
  "raise-severity": ["raise the severity"],
  "lower-severity": [
    "lower the severity",
    "The holder makes a severity proposal. No clock changes until the carrier accepts the proposal.",
  ],
  "decline-severity": ["decline a severity proposal"],
  correct: ["correct the case"],
  move: ["move the case to another line", ofLine],
  merge: [
    "merge the case into another case",
    "The source case and the target case belong to the carrier. No vendor holds the source case, and no offer of the source case is open.",
  ],
  "write-message": ["write a message to the customer", ofMessage],
  "reword-message": ["change the text of a held message", ofMessage],
  "release-message": ["release a held message", ofMessage],
  "withdraw-message": ["withdraw a message", ofMessage],
  "report-sent": ["report that a message was sent", ofMessage],
  "report-failed": ["report that a message failed", ofMessage],
  "link-change": ["link the case to a change", ofChange],
  "unlink-change": ["remove the link to a change"],
  confirm: ["confirm the fix", ofRoot],
  close: ["close the case", ofRoot],
  reopen: ["reopen the case"],
  promise: ["make a promise"],
  "promise-for-another": ["record a vendor's promise", "The vendor has had an offer of the case."],
  "deliver-promise": ["report the delivery of a promise", ofPromise],
  "withdraw-promise": ["withdraw a promise", ofPromise],
  "make-customer-link": ["make a link for the customer", ofLink],
  "end-customer-links": ["end the customer's links", ofLink],

  claim: ["claim an offer", ofToken],
  renew: ["renew the lease", ofToken],
  release: ["release the claim", ofToken],
  accept: ["accept the offer", `${ofToken} The engineer must have read the present version of the brief.`],
  reject: ["reject the offer", ofToken],
  "request-info": ["request information", ofToken],
  return: ["return the case", "The command needs the fencing token and evidence. A joint case cannot be returned."],
  transfer: [
    "transfer the case",
    "The command needs the fencing token. A transfer to an earlier vendor of the case needs evidence. A joint case cannot be transferred.",
  ],
  resolve: ["report the resolution", `The command needs the fencing token. ${ofRoot}`],
  "provide-information": [
    "provide information",
    "An information request is open. The carrier can provide only the requested items.",
  ],
  "name-joint-person": ["name its person for a joint case", ofJoint],
  "hold-joint-session": ["report a joint session", ofJoint],
  take: ["take a paged case", ofPage],
};
