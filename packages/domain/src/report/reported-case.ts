import type {
  CaseStatus,
  Channel,
  Device,
  EventOf,
  Instant,
  LineRef,
  ReceivedEvent,
  Severity,
} from "@crossline/contracts";
import { isEnded, isUnsolved } from "../case/status.ts";
import { type OperatingSystem, parseOs } from "../skill/os.ts";

/** The events of the case topic from which the facts of a case follow. */
export const reportedCaseTypes = [
  "case.opened",
  "case.recorded",
  "case.contacted",
  "case.corrected",
  "case.moved",
  "case.merged",
  "case.severity-changed",
  "case.status-changed",
  "case.resolved",
  "case.confirmed",
  "case.reopened",
  "case.closed",
] as const;

/** An event from which the facts of a case follow. */
export type ReportedCaseEvent = EventOf<(typeof reportedCaseTypes)[number]>;

/** A device as the reports count it: the text of the operating system is split into the name and the version. */
type ReportedDevice = {
  readonly vendor?: string | undefined;
  readonly model?: string | undefined;
  readonly os: OperatingSystem;
};

/** The facts of a case that the reports count: ids, instants, codes and numbers, and no texts of people. */
export type ReportedCase = {
  readonly caseId: string;
  readonly timeline: string;
  readonly carrier: string;
  readonly kind: string;
  readonly severity: Severity;
  /** The channel of the opening. */
  readonly channel: Channel;
  readonly line: LineRef;
  readonly device: ReportedDevice;
  readonly symptom: string | undefined;
  /** True if a canary opened the case. Reports leave out such a case. */
  readonly isCanary: boolean;
  readonly status: CaseStatus;
  readonly openedAt: Instant;
  /** The instant since which the case is resolved. A reopening removes it. */
  readonly resolvedAt: Instant | undefined;
  readonly confirmedAt: Instant | undefined;
  readonly endedAt: Instant | undefined;
  /** True if the case was merged into another case, which has its contacts now. Reports leave out the source case. */
  readonly isMerged: boolean;
  /** The number of inbound contacts of the customer. The opening is the first contact. */
  readonly contacts: number;
  readonly reopenings: number;
};

/**
 * Returns the facts of a case after one record of the case topic. Without facts, only `case.opened` returns facts, so a case whose
 * opening is lost stays out of the reports. The records of the hand-off topic change no fact, so the order between the two topics
 * makes no difference.
 */
export function nextReportedCase(facts: ReportedCase | undefined, event: ReportedCaseEvent): ReportedCase | undefined {
  if (event.type === "case.opened") return facts ?? openReportedCase(event);
  return facts === undefined ? undefined : afterEvent(facts, event);
}

function openReportedCase({ key: caseId, timeline, time, data }: EventOf<"case.opened">): ReportedCase {
  const { carrier, kind, severity, channel, line, device, symptom, canary, status } = data;
  const opened: ReportedCase = {
    caseId,
    timeline,
    carrier,
    kind,
    severity,
    channel,
    line,
    device: reportedDevice(device),
    symptom,
    isCanary: canary !== undefined,
    status: "acknowledged",
    openedAt: time,
    resolvedAt: undefined,
    confirmedAt: undefined,
    endedAt: undefined,
    isMerged: false,
    contacts: 1,
    reopenings: 0,
  };
  return enterStatus(opened, status, time);
}

function afterEvent(facts: ReportedCase, event: Exclude<ReportedCaseEvent, EventOf<"case.opened">>): ReportedCase {
  switch (event.type) {
    case "case.contacted": {
      const { direction, content } = event.data;
      const isOfCustomer = direction === "inbound" && content !== "auto-reply";
      return isOfCustomer ? { ...facts, contacts: facts.contacts + 1 } : facts;
    }
    case "case.corrected": {
      const { device, symptom = facts.symptom } = event.data;
      return { ...facts, symptom, ...(device !== undefined && { device: reportedDevice(device) }) };
    }
    case "case.moved":
      return { ...facts, line: event.data.line };
    case "case.merged": {
      const { contacts, device, symptom } = event.data;
      const merged = {
        device: isKnown(facts.device) ? facts.device : reportedDevice(device),
        symptom: facts.symptom ?? symptom,
      };
      return { ...facts, ...merged, contacts: facts.contacts + contacts.count };
    }
    case "case.severity-changed":
      return { ...facts, severity: event.data.to };
    case "case.status-changed":
      return enterStatus(facts, event.data.to, event.time);
    case "case.recorded":
      return enterStatus(facts, event.data.status, event.time);
    case "case.resolved":
      return enterStatus(facts, "resolved", event.time);
    case "case.confirmed":
      return { ...facts, confirmedAt: event.time };
    case "case.reopened":
      return enterStatus(facts, "reopened", event.time);
    case "case.closed":
      return { ...enterStatus(facts, "closed", event.time), isMerged: event.data.reason === "merged" };
  }
}

function reportedDevice({ vendor, model, os = "" }: Device = {}): ReportedDevice {
  return { vendor, model, os: parseOs(os) };
}

function isKnown({ vendor, model, os }: ReportedDevice): boolean {
  return [vendor, model, os.name, os.version].some((part) => part !== undefined);
}

/** A solved case that becomes unsolved is reopened, whether an event or a recorded row says so. */
function enterStatus(facts: ReportedCase, status: CaseStatus, at: Instant): ReportedCase {
  if (isUnsolved(status)) {
    if (isUnsolved(facts.status)) return { ...facts, status };
    const reopened = { resolvedAt: undefined, confirmedAt: undefined, endedAt: undefined, isMerged: false };
    return { ...facts, ...reopened, status, reopenings: facts.reopenings + 1 };
  }
  const isSolved = status === "resolved" || status === "closed";
  return {
    ...facts,
    status,
    resolvedAt: facts.resolvedAt ?? (isSolved ? at : undefined),
    endedAt: isEnded(status) ? (facts.endedAt ?? at) : undefined,
  };
}

/** Returns true for a received event from which the facts of a case follow. */
export function isReportedCaseEvent(event: {
  readonly type: string;
}): event is ReceivedEvent<(typeof reportedCaseTypes)[number]> {
  return (reportedCaseTypes as readonly string[]).includes(event.type);
}
