export { type Outcome, isRefused } from "./decision.ts";
export { eventOf } from "./envelope.ts";
export { hasHeld, timesByHolder } from "./holder-times.ts";
export { type ActionContent, actionHash } from "./action/chain.ts";
export { type NewAction, actionsOf } from "./action/new-action.ts";
export { type LogFault, type LogSummary, checkLog } from "./action/verify.ts";
export { type RateLimit, nextRateLimit, noRateLimit } from "./admission/rate-limit.ts";
export { shareOut } from "./admission/share-out.ts";
export { type Calendar, addOpen, allHours, neverOpensAround } from "./calendar/calendar.ts";
export { closedCalendars } from "./calendar/closed-calendars.ts";
export { compileCalendar } from "./calendar/compile.ts";
export { lintCalendar } from "./calendar/lint.ts";
export { calendarFor, calendarsIn, hoursIn } from "./calendar/pinned.ts";
export {
  type CanaryPlan,
  type CanaryReport,
  type CanaryResult,
  type CanaryRun,
  type CanaryStage,
  type CanaryState,
  acknowledgeRun,
  applyReport,
  changePlan,
  newCanary,
  startRun,
} from "./canary/canary.ts";
export type { CaseTask, DueTask, IncidentTask, IntakeTask, ProblemTaskCommand } from "./task/task.ts";
export { canAcknowledge, runOfSender } from "./canary/mail.ts";
export { type ReadBack, faultOfReadBack } from "./canary/read-back.ts";
export { nextBoardCase } from "./board/board-case.ts";
export type { BoardCase } from "./board/board-state.ts";
export { type BoardRow, type CompanyRow, boardRows } from "./board/board-row.ts";
export type { CaseAct } from "./case/act.ts";
export { appendCaseEvent } from "./case/append-event.ts";
export type {
  CaseDecision,
  CaseInput,
  CasePromise,
  CasePool,
  CaseState,
  ChangeLink,
  JointCase,
  LiveHandling,
  OpenHandoff,
} from "./case/case.ts";
export { countsFor } from "./case/chains.ts";
export { type CaseCommand, commandCase } from "./case/command.ts";
export { isHandling, isTooLateForContact, opensCase } from "./case/contact.ts";
export { handlingCountsUntil } from "./case/handlings.ts";
export { refuseIncident, refuseJoining } from "./case/incident-refusals.ts";
export { linkChanges } from "./case/linked-changes.ts";
export { matchKnownError } from "./case/known-errors.ts";
export { mergeCases } from "./case/merge.ts";
export { caseLineRules, openCase } from "./case/open.ts";
export { applyToCase } from "./case/apply-to-case.ts";
export { recordHistoryRow } from "./case/record-history.ts";
export { isEnded, isUnsolved } from "./case/status.ts";
export { refuseIdentity } from "./case/subject.ts";
export { type ChangeAnnouncement, announceChange } from "./change/announce.ts";
export {
  type AnnouncedChange,
  type ChangeDecision,
  type ChangeOutcome,
  type Receipt,
  effectUntil,
  lateByMs,
  linkOf,
} from "./change/change.ts";
export type { ChangeTask } from "./change/task.ts";
export { type PossibleCause, causesAt } from "./change/match.ts";
export {
  confirmChange,
  countReceipts,
  noSuchChange,
  passDeadline,
  readsChange,
  withdrawChange,
} from "./change/receipts.ts";
export type { ClockInput } from "./clock/change.ts";
export type { CaseClocks, Clock, EndedClock, Handling } from "./clock/clock.ts";
export { dueAt, isBreached } from "./clock/counting.ts";
export { decide, decideMove } from "./clock/decide.ts";
export { earliestDue, hasDueClock, nextBreach } from "./clock/due.ts";
export { elapse } from "./clock/elapse.ts";
export { type ClockExplanation, explain } from "./clock/explain.ts";
export { type ClockFact, type ClockHistory, clockHistory, replayClocks } from "./clock/history.ts";
export { needsClock } from "./clock/apply-event.ts";
export { heartbeatEveryMs, heartbeatGraceMs } from "./clock/live-handlings.ts";
export { type ClockToMerge, carriedClocks } from "./clock/merge.ts";
export { previewMove } from "./clock/preview-move.ts";
export { type ClockStart, formatStart, isStartedBy, parseStart } from "./clock/start.ts";
export {
  type Dialling,
  type DiallingFault,
  faultOfAddress,
  isDiallingFault,
  diallingFaultOf,
} from "./dialling/dialling.ts";
export { unreachableLastResort, unreachablePeople } from "./dialling/warnings.ts";
export {
  type ExportFile,
  type ExportedChain,
  type ExportedEntry,
  type ReadableEntry,
  exportFormats,
  verifyExportFile,
  writeExportFile,
} from "./dossier/export-file.ts";
export { canonicalJson } from "./dossier/canonical.ts";
export {
  areDifferentDevices,
  deviceIdentities,
  hashIdentity,
  identityFaults,
  identitiesOf,
  isDeviceIdentity,
  sharedIdentities,
} from "./dossier/identity.ts";
export { type MailDomain, type Mailbox, canaryAddress, isInDomain, readMailbox } from "./mail/address.ts";
export { type MailContent, contentOf } from "./mail/content.ts";
export { interpretMail, namedMessages, outboundMessageOf } from "./mail/interpret.ts";
export { type MailThread, acknowledgementText, outboundMail } from "./mail/outbound.ts";
export { type MailFile, type ParsedMail, messageIdsIn } from "./mail/parsed-mail.ts";
export { type DraftLanguage, draftLanguages } from "./message/own-up-texts.ts";
export { draftApology, mistakesOf } from "./message/own-up.ts";
export { guardText } from "./message/guard.ts";
export { isOnlyLink } from "./message/only-link.ts";
export { type CaseMessage } from "./message/message.ts";
export { type IncidentReport, applyToIncident } from "./incident/apply.ts";
export { type CarrierCommand, commandOnIncident } from "./incident/command.ts";
export {
  detectIncident,
  incidentScopeKey,
  incidentScopeOf,
  joinByDetection,
  openIncident,
} from "./incident/consider.ts";
export {
  type IncidentDecision,
  type IncidentMessage,
  type IncidentOutcome,
  type IncidentState,
  incidentLimits,
  sizeOf,
} from "./incident/incident.ts";
export { incidentTasksOf, tasksOfIncident } from "./incident/tasks.ts";
export { inquiryIdentities, joinsInquiry } from "./inquiry/identities.ts";
export { isInquiryKind } from "./inquiry/inquiry.ts";
export { type HeldKey, type KeyLimits, grantKey, hasExpired, makeRoom, refuseLockOut, rotateKey } from "./key/key.ts";
export { type ClaimedPerson, readClaims } from "./key/claims.ts";
export { refuseRoles, rolesOfKind, scopesOfRoles } from "./key/roles.ts";
export { type LedgerEntry, stepKey } from "./dossier/ledger.ts";
export { completeness, missingItems } from "./dossier/required-items.ts";
export { dependsOnCountry, isCountry, readNumber, readNumbers } from "./dossier/telephone.ts";
export { briefAt } from "./handoff/brief.ts";
export { type CaseCrossing, type CrossingDecision, type CrossingInput, returnsOf } from "./handoff/case-crossing.ts";
export { pageIdOf } from "./handoff/deadline-pages.ts";
export type { CrossingDeps, KnownError, SkilledPerson } from "./handoff/deps.ts";
export { type DeskCommand, type HandoffCommand, commandHandoff } from "./handoff/desk-command.ts";
export { answerQuestion } from "./handoff/information.ts";
export { holdSession, nameJointPerson } from "./handoff/joint.ts";
export { type LeaseCommand, type LeaseDecision, leaseHandoff } from "./handoff/lease.ts";
export { type PageSignal, type PageReason, isPageOvertaken, pageSignalsOf } from "./handoff/overtaken-page.ts";
export { type PageMessage, type PagePace, pagePace, planMessage } from "./handoff/page-bundle.ts";
export { rostersNamedIn } from "./handoff/pages.ts";
export { phaseAt } from "./handoff/phase.ts";
export { react } from "./handoff/react.ts";
export { takeByPerson, wasPaged } from "./handoff/take.ts";
export { isHandoffEvent, callsWithoutPerson } from "./handoff/unreached-call.ts";
export { openHandoffOf, waitFor } from "./handoff/waits.ts";
export { builtinDocument, builtinLine, builtinRef } from "./line/builtin.ts";
export { calendarOf } from "./line/clock-rules.ts";
export { compileLine } from "./line/compile.ts";
export { type CaseFacts, type Condition, readCondition } from "./line/condition.ts";
export type { ClockRule, Line } from "./line/line.ts";
export { lintLineDocument } from "./line/lint.ts";
export { type ChosenLine, chooseLine } from "./line/match.ts";
export { type Feasibility, planNeedBy } from "./line/need-by.ts";
export { type ProblemCommand, commandProblem, reachDeadline } from "./problem/command.ts";
export { type CaseKnownError, afterCaseEvent, canDecideOutcome } from "./problem/known-error.ts";
export { type ProblemOpening, openProblem, titleOf } from "./problem/open.ts";
export {
  type Investigation,
  type ProblemDecision,
  type ProblemScope,
  type ProblemState,
  type ProblemTask,
  defaultInvestigationMs,
  isOpenProblem,
} from "./problem/problem.ts";
export { type ScopedCase, isInScope, keysOfCase, scopeFields, scopeKey, scopeOfFields } from "./problem/scope.ts";
export { nearestName } from "./queue/nearest-name.ts";
export {
  type NamedQueues,
  type OpenQueue,
  type QueueSender,
  faultOfQueue,
  isOpenTo,
  warningOfQueue,
} from "./queue/open-queues.ts";
export type { Action } from "./reading/actions.ts";
export {
  type CaseReading,
  nextReading,
  isReadByVendors,
  openReading,
  updateReading,
  readingOf,
  accessChanges,
  accessOf,
} from "./reading/case-reading.ts";
export {
  type CaseAccessChange,
  type CaseView,
  accessAfterCommand,
  accessAfterEvent,
  withOwnPromises,
} from "./reading/case-view.ts";
export { type CrossingAccessChange, type CrossingView, accessAfterDecision } from "./reading/crossing-view.ts";
export { type EarlierValues, addEarlier, valuesAt } from "./reading/earlier.ts";
export { customerFactTypes, customerStepsOf } from "./reading/customer-steps.ts";
export {
  contentOfAct,
  customerActsOf,
  customerDue,
  customerHolderOf,
  customerSituationOf,
} from "./reading/customer-view.ts";
export { type NameOf, customerSentence, situationSentence } from "./reading/customer-words.ts";
export { type ReadingEnd, type ReadingStart, mayReceive } from "./reading/event-reader.ts";
export { withoutLaterFirings } from "./reading/firings.ts";
export { eventDataOf, forReader, pageForOthers } from "./reading/for-reader.ts";
export {
  type HiddenEntry,
  firingIdWithout,
  lastEventWithout,
  onlyReaderOf,
  sequenceWithout,
  startWithout,
} from "./reading/hidden.ts";
export { type ReadableCase, readableCase } from "./reading/journal.ts";
export { noSuchCase, partEnded, refuseAction, rightTo } from "./reading/refuse-action.ts";
export { refuseCommand, rolesOf } from "./reading/refuse-command.ts";
export type { Right, Role } from "./reading/rights.ts";
export { sentenceOf } from "./reading/sentence.ts";
export { joinWords, splitWords } from "./reading/words.ts";
export { type Comparison, type Side, compare, confidence, smallestSide } from "./report/compare.ts";
export { holm } from "./report/holm.ts";
export { type Indicator, indicators, settledAfterDays } from "./report/indicators.ts";
export { upperTail } from "./report/normal.ts";
export { type ModelOutcome, type OutcomeSums, compareOutcomes } from "./report/outcomes.ts";
export { type Random, seededRandom } from "./report/random.ts";
export { type ReportedCase, isReportedCaseEvent, nextReportedCase, reportedCaseTypes } from "./report/reported-case.ts";
export type { Sample } from "./report/sample.ts";
export {
  type CrossedCase,
  type TrainingDebt,
  type TrainingGap,
  findTrainingDebt,
  smallestGroup,
} from "./report/training-debt.ts";
export { type RosterAddition, immediateChangeWarnings, recountWarnings, withAddition } from "./roster/change.ts";
export { type RosterLintResult, lintRoster } from "./roster/lint.ts";
export { isQuiet, mayWake, onDuty } from "./roster/on-duty.ts";
export { type DutyPlan, planDuty } from "./roster/duty-plan.ts";
export { compareDuty } from "./roster/spans.ts";
export { canonicalSkills } from "./skill/canonical-skills.ts";
export { type SkillDemand, hasSkill, isCertified, isSkillNeeded, isValid } from "./skill/certified.ts";
export { type OperatingSystem, parseOs } from "./skill/os.ts";
export { isSameSubscription } from "./subscription/same-subscription.ts";
export type { Assignment } from "./pool/assignment.ts";
export { type PoolCommand, type PoolDecision, commandAssignment } from "./pool/claim.ts";
export { type Secrets, renewSecret, signingSecrets } from "./subscription/secrets.ts";
