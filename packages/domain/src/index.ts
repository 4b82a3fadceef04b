export { type Outcome, isRefused } from "./decision.ts";
export { eventOf } from "./envelope.ts";
export { hasHeld, timesByHolder } from "./holder-times.ts";
export { type Gate, nextGate, openGate } from "./admission/gate.ts";
export { shareOut } from "./admission/share-out.ts";
export { type Calendar, addOpen, allHours, neverOpensAround } from "./calendar/calendar.ts";
export { closedCalendars } from "./calendar/closed.ts";
export { compileCalendar } from "./calendar/compile.ts";
export { lintCalendar } from "./calendar/lint.ts";
export { calendarFor, calendarsIn, hoursIn } from "./calendar/pinned.ts";
export type { CaseAct } from "./case/act.ts";
export { appendCaseEvent } from "./case/append-event.ts";
export type {
  CaseDecision,
  CaseInput,
  CasePromise,
  CaseState,
  JointCase,
  LiveHandling,
  OpenHandoff,
} from "./case/case.ts";
export { countsFor } from "./case/chains.ts";
export { type CaseCommand, commandCase } from "./case/command.ts";
export { isHandling, isTooLate, opensCase } from "./case/contact.ts";
export { beatBy } from "./case/handlings.ts";
export { mergeCases } from "./case/merge.ts";
export { keptOf, openCase } from "./case/open.ts";
export { project } from "./case/project.ts";
export { record } from "./case/record.ts";
export { isEnded, isUnsolved } from "./case/status.ts";
export { refuseIdentity } from "./case/subject.ts";
export type { ClockInput } from "./clock/change.ts";
export type { CaseClocks, Clock, EndedClock, Handling } from "./clock/clock.ts";
export { dueAt, isBreached } from "./clock/counting.ts";
export { decide, decideMove } from "./clock/decide.ts";
export { earliestDue, hasDueClock, nextBreach } from "./clock/due.ts";
export { elapse } from "./clock/elapse.ts";
export { type ClockExplanation, explain } from "./clock/explain.ts";
export { needsClock } from "./clock/facts.ts";
export { heartbeatEveryMs, heartbeatGraceMs } from "./clock/live.ts";
export { type LeftClock, carriedClocks } from "./clock/merge.ts";
export { previewMove } from "./clock/preview-move.ts";
export { type ClockStart, formatStart, isStartedBy, parseStart } from "./clock/start.ts";
export { type Dialling, type Undialled, faultOfAddress, isUndialled, whyUndialled } from "./dialling/dialling.ts";
export { unreachableLastResort, unreachablePeople } from "./dialling/warnings.ts";
export {
  type Bundle,
  type BundledChain,
  type BundledEntry,
  type ReadableEntry,
  bundleFormats,
  verifyBundle,
  writeBundle,
} from "./dossier/bundle.ts";
export { canonicalJson } from "./dossier/canonical.ts";
export {
  areOtherDevices,
  deviceIdentities,
  hashIdentity,
  identitiesOf,
  isOfDevice,
  sharedIdentities,
} from "./dossier/identity.ts";
export { type Tried, stepKey } from "./dossier/ledger.ts";
export { completeness, missingItems } from "./dossier/pack.ts";
export { dependsOnCountry, isCountry, readNumber, readNumbers } from "./dossier/telephone.ts";
export { briefAt } from "./handoff/brief.ts";
export { type CaseCrossing, type CrossingDecision, type CrossingInput, returnsOf } from "./handoff/case-crossing.ts";
export { pageIdOf } from "./handoff/deadline-pages.ts";
export type { CrossingDeps, KnownError } from "./handoff/deps.ts";
export { type DeskCommand, type HandoffCommand, commandHandoff } from "./handoff/desk-command.ts";
export { inform } from "./handoff/information.ts";
export { holdSession, nameJointPerson } from "./handoff/joint.ts";
export { type LeaseCommand, type LeaseDecision, leaseHandoff } from "./handoff/lease.ts";
export { type PageFact, type PageReason, isPageOvertaken, pageFactsOf } from "./handoff/overtaken-page.ts";
export { type PageMessage, type PagePace, pagePace, planMessage } from "./handoff/page-bundle.ts";
export { rostersNamedIn } from "./handoff/pages.ts";
export { phaseAt } from "./handoff/phase.ts";
export { react } from "./handoff/react.ts";
export { take, wasPaged } from "./handoff/take.ts";
export { isHandoffEvent, unreachedCalls } from "./handoff/unreached-call.ts";
export { openOf, waitsFor } from "./handoff/waits.ts";
export { builtinDocument, builtinLine, builtinRef } from "./line/builtin.ts";
export { calendarOf } from "./line/clock-rules.ts";
export { compileLine } from "./line/compile.ts";
export { type CaseFacts, type Condition, readCondition } from "./line/condition.ts";
export type { ClockRule, Line } from "./line/line.ts";
export { lint } from "./line/lint.ts";
export { type ChosenLine, chooseLine } from "./line/match.ts";
export { type Feasibility, planNeedBy } from "./line/need-by.ts";
export {
  type NamedQueues,
  type OpenQueue,
  type Sender,
  faultOfQueue,
  takesFrom,
  warningOfQueue,
} from "./queue/open-queues.ts";
export type { Act } from "./reading/acts.ts";
export {
  type CaseReading,
  followReading,
  isReadByVendors,
  openReading,
  readOn,
  readingOf,
  sightChanges,
  sightOf,
} from "./reading/case-reading.ts";
export {
  type CaseSightChange,
  type CaseView,
  sightAfterCommand,
  sightAfterFact,
  withOwnPromises,
} from "./reading/case-view.ts";
export { type CrossingSightChange, type CrossingView, sightsAfterDecision } from "./reading/crossing-view.ts";
export { type Earlier, remember, takenBack } from "./reading/earlier.ts";
export { withoutLaterFirings } from "./reading/firings.ts";
export {
  type HiddenEntry,
  firingIdWithout,
  lastEventWithout,
  sequenceWithout,
  startWithout,
} from "./reading/hidden.ts";
export { noSuchCase, partEnded, refuseAct, rightTo } from "./reading/refuse-act.ts";
export { refuseCommand, standingsIn } from "./reading/refuse-command.ts";
export type { Right, Standing } from "./reading/rights.ts";
export { type RosterAddition, changedAtOnce, recounted, withAddition } from "./roster/change.ts";
export { type LintedRoster, lintRoster } from "./roster/lint.ts";
export { isQuiet, mayWake, onDuty } from "./roster/on-duty.ts";
export { compareDuty } from "./roster/spans.ts";
export { isSameWish } from "./subscription/same.ts";
export { type Secrets, renewSecret, signingSecrets } from "./subscription/secrets.ts";
