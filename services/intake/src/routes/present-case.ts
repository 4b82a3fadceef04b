import { type Instant, type PresentedCase, formatDuration, formatInstant, timelineKind } from "@crossline/contracts";
import {
  type CaseState,
  type Feasibility,
  type JointCase,
  completeness,
  heldMsAt,
  missingItems,
} from "@crossline/domain";

/** A case as a route answers it, with its times as of `at`. Written without spreads: every opening is answered with one. */
export function presentCase(state: CaseState, at: Instant, viewer: string = state.carrier): PresentedCase {
  const { id, openedAt, lastEventAt, endedAt, handlings, contacts, entries } = state;
  const held = heldMsAt(state, at);
  const { requires = [], facts = [] } = state;
  const missing = missingItems(requires, { ...state, facts });
  const self = `/v1/cases/${id}`;
  return {
    id,
    timeline: state.timeline,
    carrier: state.carrier,
    carrierCaseId: state.carrierCaseId,
    kind: state.kind,
    severity: state.severity,
    title: state.title,
    channel: state.channel,
    status: state.status,
    waiting: state.waiting,
    fixCode: state.fixCode,
    line: state.line,
    lineReason: state.lineReason,
    feasibility: state.feasibility && presentFeasibility(state.feasibility),
    missing: [...missing],
    completeness: completeness(requires, missing),
    device: state.device,
    symptom: state.symptom,
    needBy: state.needBy,
    subject: state.subject,
    version: state.version,
    openedAt: formatInstant(openedAt),
    lastEventAt: formatInstant(lastEventAt),
    endedAt: endedAt === undefined ? undefined : formatInstant(endedAt),
    at: formatInstant(at),
    holder: state.holder,
    accountable: state.joint?.accountable ?? state.carrier,
    joint: state.joint && presentJoint(state.joint),
    rootCause: state.rootCause,
    mergedInto: state.mergedInto,
    merged: state.merged && [...state.merged],
    timesByHolder: held,
    durationsByHolder: Object.fromEntries(Object.entries(held).map(([party, ms]) => [party, formatDuration(ms)])),
    handoff: viewer === state.carrier || viewer === state.handoff?.vendor ? state.handoff : undefined,
    crossingRequested: state.crossingRequested,
    lastResortCalls: state.lastResortCalls,
    crossedTo: [...state.crossedTo],
    promises: [...(state.promises ?? [])],
    liveHandlings: handlings.map((live) => ({ ...live, startedAt: formatInstant(live.startedAt) })),
    dossier: { entries, head: state.chain },
    counts: { contacts: contacts + (state.mergedContacts ?? 0), entries, liveHandlings: handlings.length },
    links: {
      self,
      contacts: `${self}/contacts`,
      handlings: `${self}/handlings`,
      entries: `${self}/entries`,
      clocks: `${self}/clocks`,
      handoffs: `${self}/handoffs`,
    },
  };
}

function presentFeasibility({ verdict, latestSafeCrossing, spareMs }: Feasibility): PresentedCase["feasibility"] {
  return { verdict, latestSafeCrossing: formatInstant(latestSafeCrossing), spare: formatDuration(spareMs) };
}

function presentJoint({ since, returns, parties, persons }: JointCase): PresentedCase["joint"] {
  return { since: formatInstant(since), returns, parties: [...parties], persons: [...persons] };
}

/** What "now" is for a case that is read: the real time on the wall, else its timeline's mark; never before its last event. */
export function readingInstant(
  state: CaseState,
  read: { readonly mark: Instant | null; readonly now: Instant },
): Instant {
  const present = timelineKind(state.timeline) === "wall" ? read.now : (read.mark ?? state.lastEventAt);
  return Math.max(present, state.lastEventAt);
}
