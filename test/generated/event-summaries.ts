import type { EventType } from "@crossline/contracts";

/** The sentences that docs/events.md prints above the fields of each event. */
export const eventSummaries: Readonly<Record<EventType, string>> = {
  "case.opened":
    "A case was opened. `lineReason` says why the case has this line. The opening counts as the first contact.",
  "case.contacted":
    "The customer and a company were in contact. An inbound contact is the customer's act, even if a program recorded it.",
  "handling.started": "A person began to work on the case with the customer live.",
  "handling.continued": "A heartbeat arrived, so the handling continues.",
  "handling.ended": "The handling ended.",
  "entry.added": "The dossier has a new entry. A repeated fact or hypothesis has `news: false` and is not progress.",
  "case.status-changed":
    "The status of the case changed. A pause has a `code`, the party for which the case waits, and a maximum duration.",
  "case.severity-changed": "The severity changed. The timer recomputes the deadlines and keeps all earlier pauses.",
  "case.severity-proposed": "The vendor that holds the case proposes a lower severity. No clock changes.",
  "case.severity-declined": "The carrier declined the severity proposal.",
  "case.moved": "The carrier moved the case to another line, or to another version of its line.",
  "case.merged":
    "The case `from` was merged into this case. This case gets the contacts, entries and promises of the source case. Of two deadlines, the earlier deadline applies.",
  "case.corrected": "The carrier corrected the case. `from` contains the earlier values. The line does not change.",
  "promise.made": "A company made a promise. A delivery of the promise at exactly `until` is in time.",
  "promise.delivered":
    "A company reported the delivery of a promise. `kept` is true if the company delivered the promise within the window.",
  "promise.withdrawn": "A promise was withdrawn or declined, so the company does not deliver it.",
  "problem.opened":
    "The same required item is missing from many cases of one channel, so the problem concerns the channel.",
  "incident.opened": "The case leads an incident of alike cases. Only the lead case crosses.",
  "incident.counted": "Cases joined or left the incident of this lead case.",
  "incident.joined":
    "The case became a member of an incident. The carrier keeps the case, and the case waits for the lead case.",
  "incident.held": "Another company holds the lead case of the incident now.",
  "incident.left": "The case is no member of the incident any longer.",
  "incident.ended": "The incident of this lead case ended.",
  "change.linked": "The case may be a consequence of an announced change.",
  "change.unlinked": "A company removed the link between the case and a change.",
  "known-error.matched": "A known error matches the case, and its workaround may help.",
  "crossing.requested": "A person requested a crossing. `asOf` is the version of the case that the person read.",
  "case.resolved": "The holder reports that the problem is solved.",
  "case.confirmed": "The customer confirmed that the fix works.",
  "case.reopened": "A resolved or closed case is open again.",
  "case.closed": "The case is closed. If the case was merged, `into` names the target case.",
  "case.recorded": "An import recorded one row of a history. The event has the status of the case after this row.",
  "timeline.marked":
    "The timeline reached the instant of this event. After this event, no command adds an event with an earlier time in this partition. The key is `<timeline>/<partition>`.",
  "timeline.removed":
    "An import was removed. Each service deletes the rows of the import and skips the import's records. The key is `<timeline>/removed/<partition>`.",
  "clock.warned": "A clock reached a warning threshold.",
  "clock.breached": "A clock reached its target.",
  "clock.overtaken":
    "The timer read an event too late, so it published firings that this event would have prevented. The firings stay valid.",
  "change.announced": "A company announced a change. Each affected company must confirm it until `confirmBy`.",
  "change.confirmed": "A person of the company `company` confirmed the change.",
  "change.reminded": "Half of the time until `confirmBy` has passed, and `company` has not confirmed the change.",
  "change.overdue": "The instant `confirmBy` has passed, and `company` has not confirmed the change.",
  "change.withdrawn": "The company that announced the change withdrew it, so no company needs to confirm it.",
  "clock.recomputed": "The deadline of a clock changed. Earlier firings stay valid.",
  "handling.silent":
    "A handling had no heartbeat for as long as its line allows. The handling counts no time until the next heartbeat.",
  "handoff.offered": "The case crosses: a vendor's queue has an offer.",
  "handoff.claimed": "A person of the vendor claimed the offer. A claim stops no clock.",
  "handoff.renewed":
    "The person with the lease extended the lease. A renewal does not count as an act and stops no clock.",
  "handoff.released": "The person with the lease gave the offer back to the queue.",
  "handoff.accepted": "The vendor accepted the case and is now the holder.",
  "handoff.rejected": "The vendor refused the offer. The next line step follows.",
  "handoff.resolved": "The vendor that holds the case reports the resolution.",
  "handoff.confirmed": "The customer confirmed that the vendor's fix works.",
  "handoff.reopened": "The case was reopened after the vendor had resolved it.",
  "handoff.lapsed": "No person accepted the offer in time. The next line step follows.",
  "handoff.withdrawn": "The hand-off ended because its reason is gone.",
  "line.exhausted": "No line step is left. Routing calls the last resort until a person takes the case.",
  "last-resort.called":
    "Routing called the last resort. The calls are numbered from 1. `next` is the time until the next call.",
  "handoff.info-requested":
    "The vendor asked the carrier a question. The clock of the vendor pauses and the clock `information` starts.",
  "handoff.info-provided":
    "The carrier supplied the information, or the deadline passed without a response (`bestEffort`).",
  "handoff.returned":
    "The vendor gave the case back to the carrier. `returns` counts the returns between the two companies.",
  "handoff.transferred":
    "The vendor transfers the case. An offer to the queue `to` follows, and every obligation continues.",
  "joint.declared":
    "The case reached the limit of returns and is joint. No company may return or transfer the case, and one company is accountable.",
  "joint.person-named": "A company named its person for the joint case.",
  "joint.session-held": "The companies of the joint case have met.",
  "roster.paged":
    "Routing paged the people on duty. `acceptWithin` is the time for which a step waits for one of these people to take the case. `nobody` means that no person was on duty, or that all were in quiet hours.",
  "pool.assigned":
    "Routing assigned the case to a pool inside the carrier. The event is no crossing, and the holder stays the same.",
  "pool.claimed": "A certified person of the pool claimed the assignment, or claimed it again.",
  "pool.released": "The assignment ended because its person released it, or because its reason is gone.",
  "pool.lapsed": "No person claimed the assignment before its time passed or another cause took the next line step.",
  "pool.skipped": "No certified person of the pool was on duty. The next line step follows at once.",
  "handoff.taken": "A paged person took the case. The person's company is responsible for the next act.",
  "queue.offered": "A queue has a new offer, which contains the brief. `claim` is a path below the public address.",
  "queue.updated":
    "Before its acceptance, an offer got information from the carrier, a new version of the brief, or a new `acceptBy`.",
  "queue.ended": "The offer lapsed or was withdrawn, or a desk of the vendor accepted or rejected it.",
  "line.published":
    "A carrier published a version of a line. `calendars` contains the line's calendars as of the publication. A version never changes.",
  "line.defaulted": "The carrier set its default line.",
  "party.recorded":
    "A party or its API keys changed. `hash` is the SHA-256 of an API key in hex. No record contains an API key.",
  "installation.recorded":
    "The record names the installation to which the records of this Kafka belong. Consumers of parties skip this record.",
  "problem.changed": "A problem was opened or changed. `from` is the former status, and is absent at the opening.",
  "problem.overdue":
    "The investigation of a problem is late. The event comes at most once for each incarnation of the clock.",
  "roster.ring-tested":
    "A company started a ring test. Each person in `subject` gets a test page, which belongs to no case.",
  "notification.delivered": "The receiver accepted the delivery.",
  "notification.abandoned":
    "Notification abandoned the delivery, because every retry failed or a retry could not help.",
  "notification.overtaken": "The reason for the page ended before notification sent the page.",
  "notification.recorded": "Notification stored a delivery of a stepped timeline and did not send it.",
  "page.unreachable":
    "For each address of a page, every attempt failed, or this installation cannot use the address. Notification publishes this event once for each page.",
  "message.written":
    "A person or a program wrote a message to the customer. If `marks` has a place, intake holds the message until a person decides.",
  "message.reworded": "The author changed the text of a held message.",
  "message.released": "The message may be sent. If `via` is `mail`, notification sends it.",
  "message.withdrawn": "A message that was not sent was withdrawn.",
  "message.failed":
    "A message did not reach the customer. If `wasSent` is true, the obligations that the message met are owed again.",
  "mail.accepted":
    "The mail server accepted the mail of a message. On a stepped timeline, notification records the mail and sends nothing.",
  "mail.refused": "Notification stopped its attempts to send the mail of a message, or cannot send mail.",
  "dialling.configured":
    "Notification started, and its contact methods differ from the contact methods of its last start. The key is `installation`.",
  "action.taken":
    "A company or the operator sent a command that has changed something and that is no fact of a case. The console adds it to the action log.",
  "action.read": "Companies read addresses of this service. The console adds each read to the action log.",
  "audit.missed": "The timer has not published a firing that the auditor expects, and the grace time is over.",
  "audit.late":
    "A firing on the wall timeline was too late, or the timer published it after the auditor had reported it as missed.",
  "audit.doubled": "One firing has two sequences.",
  "audit.unfounded":
    "A firing has no reason, a wrong instant or a wrong id, or was too early. `wrong-order` means that the order of records in the firing is impossible.",
  "audit.gap": "Records of an audited topic are missing.",
  "audit.forged": "A record has a position that its owner never published: a client has forged the record.",
  "audit.unaudited": "A case has clocks for which the auditor has no rules.",
  "audit.watermark":
    "The auditor is live and has checked every deadline before `until` on the wall timeline, in this partition.",
  "gap.found":
    "The publishing service lost records of this partition. The service asks the owner of the topic for the last sequence of every key.",
  "sequence.confirmed":
    "`ce_sequence` is the last sequence of the record key. The record has the id of the record that it confirms.",
  "gap.confirmed": "The owner of the topic has confirmed the last sequence of every key of this partition.",
};
