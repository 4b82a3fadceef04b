export { type Audit, readAudit } from "./audit.ts";
export { type Child, startChild } from "./children.ts";
export { type VerbDescription, describeVerb, flatten } from "./completion/describe.ts";
export { crossline } from "./crossline.ts";
export { exitCodeMeanings } from "./exit-codes.ts";
export { exitCodeOf } from "./fault.ts";
export { ResponseFault, type Client, createClient } from "./client.ts";
export { viaKafka } from "./demo/inbox.ts";
export { handheldConsumer } from "./demo/lines.ts";
export { playStory } from "./demo/story.ts";
export { type Host, hostServices } from "./in-process.ts";
export { makeOwnDatabase } from "./own-database.ts";
export { nodeFlags } from "./node-flags.ts";
export {
  type OwnKafka,
  applyServiceRights,
  ensureVendorAccess,
  loginOf,
  operatorOptions,
  serviceUsersFor,
} from "./own-kafka.ts";
export { openQueues } from "./open-queues.ts";
export { type Platform, type PlatformOptions, startPlatform } from "./platform.ts";
export { type Ports, type ServiceName, type Settings, environmentOf, portsFrom, serviceNames } from "./services.ts";
export { type FourteenDays, playFourteenDays } from "./stories/fourteen-days.ts";
export { listFirings, openKeys, listPages, playKeys } from "./stories/half-past-nine.ts";
export { type Cast, Play } from "./stories/play.ts";
export { type AnnouncedStory, playAnnounced } from "./stories/announced.ts";
export { type UnansweredStory, playUnanswered } from "./stories/unanswered.ts";
export { type OneAndDoneStory, playOneAndDone } from "./stories/one-and-done.ts";
export {
  prepareAnnounced,
  prepareFourteenDays,
  prepareKeys,
  prepareOneAndDone,
  prepareUnanswered,
  retryWhileRefused,
} from "./stories/prepare.ts";
export { readyMade } from "./stories/ready-made.ts";
export { type DeskConnection, type DeskRecord, openDesk } from "./vendor-desk.ts";
export { replayAndJudge } from "./replay/replay-and-judge.ts";
export { readObservedLine } from "./replay/line-file.ts";
export { readLog } from "./replay/log.ts";
export { idleLine } from "./replay/observed-line.ts";
export { replayParty, removeAllImports } from "./replay/remove.ts";
export { replayLog } from "./replay/replay.ts";
export { showDuty } from "./verbs/duty.ts";
export { showOperations } from "./verbs/operations.ts";
export { showPromises } from "./verbs/promises.ts";
export { rebuild } from "./verbs/rebuild.ts";
export { showReport } from "./verbs/report.ts";
export { importSkills } from "./verbs/skills-import.ts";
export { searchCases, showBoard } from "./verbs/board.ts";
export { exportActions, showActions, verifyActions } from "./verbs/actions.ts";
export { showClocks, showJournal } from "./verbs/case-journal.ts";
export { watchRows } from "./verbs/watch.ts";
