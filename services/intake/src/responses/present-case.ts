import {
  type Instant,
  type PresentedCase,
  formatDuration,
  formatInstant,
  parseInstant,
  timelineKind,
} from "@crossline/contracts";
import {
  type CasePool,
  type CasePromise,
  type CaseState,
  type ChangeLink,
  type Feasibility,
  type JointCase,
  type LiveHandling,
  type OpenHandoff,
  handlingCountsUntil,
  completeness,
  countsFor,
  heartbeatEveryMs,
  timesByHolder,
  missingItems,
  phaseAt,
} from "@crossline/domain";

/**
 * Returns a case as the API presents it to a company, with durations as of `at`. Every opening calls this function, so the function
 * avoids object spreads, which are slower.
 */
export function presentCase(state: CaseState, at: Instant, viewer: string): PresentedCase {
  const { id, openedAt, endedAt, handlings, contacts, entries } = state;
  const { version, lastEventAt } = countsFor(state, viewer);
  const own = state.chains?.[viewer];
  const times = timesByHolder(state, at);
  const { requires = [], facts = [] } = state;
  const missing = missingItems(requires, { ...state, facts });
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
    proposedSeverity: state.proposedSeverity,
    line: state.line,
    lineReason: state.lineReason,
    feasibility: state.feasibility && presentFeasibility(state.feasibility),
    missing: [...missing],
    completeness: completeness(requires, missing),
    device: state.device,
    symptom: state.symptom,
    region: state.region,
    needBy: state.needBy,
    subject: state.subject,
    version,
    openedAt: formatInstant(openedAt),
    lastEventAt: formatInstant(lastEventAt),
    endedAt: endedAt === undefined ? undefined : formatInstant(endedAt),
    at: formatInstant(at),
    holder: state.holder,
    accountable: state.joint?.accountable ?? state.carrier,
    inquiry: state.inquiry && presentInquiry(state.inquiry),
    canary: state.canary,
    joint: state.joint && presentJoint(state.joint),
    rootCause: state.rootCause,
    knownErrors: state.knownErrors !== undefined && viewer === state.carrier ? [...state.knownErrors] : undefined,
    mergedInto: state.mergedInto,
    merged: state.merged && [...state.merged],
    follows: state.follows,
    timesByHolder: times,
    durationsByHolder: Object.fromEntries(Object.entries(times).map(([party, ms]) => [party, formatDuration(ms)])),
    handoff:
      state.handoff !== undefined && (viewer === state.carrier || viewer === state.handoff.vendor)
        ? presentHandoff(state.handoff, at)
        : undefined,
    pool: state.pool !== undefined && viewer === state.carrier ? presentPool(state.pool) : undefined,
    incident: state.incident !== undefined && viewer === state.carrier ? presentPart(state.incident) : undefined,
    crossingRequested: state.crossingRequested,
    lastResortCalls: state.lastResortCalls,
    crossedTo: [...(state.reading?.vendors ?? [])],
    linkedChanges: state.linkedChanges && presentLinks(state.linkedChanges),
    promises: (state.promises ?? []).map((promise) => presentPromise(promise, state.needBy)),
    liveHandlings: handlings.map((live) => presentLive(state, live)),
    dossier: { entries, head: state.chain, internal: own && { entries: own.entries, head: own.head } },
    counts: {
      contacts: contacts + (state.mergedContacts ?? 0),
      entries: entries + (own?.entries ?? 0),
      liveHandlings: handlings.length,
    },
    links: linksOf(id),
  };
}

function presentLinks(links: readonly ChangeLink[]): PresentedCase["linkedChanges"] {
  const kept = links.filter(({ removed }) => removed !== true);
  if (kept.length === 0) return undefined;
  return kept.map(({ changeId, by, title, startsAt, late }) => ({ changeId, by, title, startsAt, late }));
}

/** Returns the addresses of the case and of its lists. */
function linksOf(id: string): PresentedCase["links"] {
  const self = `/v1/cases/${id}`;
  return {
    self,
    contacts: `${self}/contacts`,
    handlings: `${self}/handlings`,
    entries: `${self}/entries`,
    messages: `${self}/messages`,
    clocks: `${self}/clocks`,
    handoffs: `${self}/handoffs`,
  };
}

function presentInquiry({
  attempts,
  lastAttemptAt,
  owner,
}: NonNullable<CaseState["inquiry"]>): PresentedCase["inquiry"] {
  return {
    attempts,
    lastAttemptAt: formatInstant(lastAttemptAt),
    owner: owner && { ...owner, since: formatInstant(owner.since) },
  };
}

/**
 * Returns the instant of a handling's last heartbeat. If an earlier version of intake stored the row without a heartbeat, returns the
 * start of the handling.
 */
export function lastBeatOf({ lastBeatAt, startedAt }: { lastBeatAt?: Instant; startedAt: Instant }): Instant {
  return lastBeatAt ?? startedAt;
}

function presentLive(state: CaseState, live: LiveHandling): PresentedCase["liveHandlings"][number] {
  const { id, party, channel, startedAt, silentSince } = live;
  const lastBeatAt = lastBeatOf(live);
  return {
    id,
    party,
    channel,
    startedAt: formatInstant(startedAt),
    lastBeatAt: formatInstant(lastBeatAt),
    silentSince: silentSince === undefined ? undefined : formatInstant(silentSince),
    ...presentBeats(state, { startedAt, lastBeatAt }),
  };
}

/**
 * Returns the interval at which the CRM must send heartbeats of a live handling. Also returns the instant at which the handling becomes
 * silent without another heartbeat.
 */
export function presentBeats(
  state: Pick<CaseState, "handlingMaxMs">,
  live: Pick<LiveHandling, "startedAt" | "lastBeatAt">,
): { readonly beatEveryMs?: number; readonly beatBy: string } {
  const until = formatInstant(handlingCountsUntil(state, live));
  return state.handlingMaxMs === undefined ? { beatEveryMs: heartbeatEveryMs, beatBy: until } : { beatBy: until };
}

/** Returns the hand-off with its phase as of `at`. The vendor's queue calculates the phase with the same function, `phaseAt`. */
function presentHandoff(handoff: OpenHandoff, at: Instant): PresentedCase["handoff"] {
  const { id, vendor, queue } = handoff;
  return { id, vendor, queue, phase: phaseAt(handoff, at) };
}

function presentPool({ assignedAt, ...pool }: CasePool): PresentedCase["pool"] {
  return { ...pool, assignedAt: formatInstant(assignedAt) };
}

function presentPart(part: NonNullable<CaseState["incident"]>): PresentedCase["incident"] {
  const { id, since } = part;
  if (part.role === "lead") return { role: "lead", id, since: formatInstant(since), cases: part.size.cases };
  const { leadCaseId, holder } = part;
  return { role: "member", id, since: formatInstant(since), leadCaseId, holder };
}

function presentFeasibility({ verdict, latestSafeCrossing, spareMs }: Feasibility): PresentedCase["feasibility"] {
  return { verdict, latestSafeCrossing: formatInstant(latestSafeCrossing), spare: formatDuration(spareMs) };
}

function presentJoint({ since, returns, parties, persons }: JointCase): PresentedCase["joint"] {
  return { since: formatInstant(since), returns, parties: [...parties], persons: [...persons] };
}

/**
 * Returns the instant for which a response presents a case to a company. On the wall timeline, the result is Postgres' time. On a
 * stepped timeline or an import, the result is the mark. The result is never before the last event that the company may read.
 */
export function readingInstant(
  state: CaseState,
  read: { readonly mark: Instant | null; readonly now: Instant },
  viewer: string,
): Instant {
  const { lastEventAt } = countsFor(state, viewer);
  const present = timelineKind(state.timeline) === "wall" ? read.now : (read.mark ?? lastEventAt);
  return Math.max(present, lastEventAt);
}

function presentPromise(
  { deliveredAt, ...promise }: CasePromise,
  needBy: string | undefined,
): PresentedCase["promises"][number] {
  if (deliveredAt === undefined) return promise;
  return {
    ...promise,
    deliveredAt: formatInstant(deliveredAt),
    ...(needBy !== undefined && { margin: formatDuration(parseInstant(needBy) - deliveredAt) }),
  };
}
