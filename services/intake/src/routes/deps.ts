import type { Authenticator } from "@crossline/access";
import type { Chassis, RunningParts } from "@crossline/chassis";
import type { MailDomain } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { type OutboxGuard, createOutboxGuard } from "../admission/outbox-guard.ts";
import { type Places, createPlaces } from "../admission/places.ts";
import { type WriteRequest, createCaseWriter } from "../commands/case-writer.ts";
import { createWriteRequest } from "../commands/write-request.ts";
import type { CanaryDeps } from "../commands/set-canaries.ts";
import type { IntakeSettings } from "../config.ts";
import { type Deadlines, connectDeadlines } from "../services/deadlines.ts";
import type { OtherServices } from "../services/other-services.ts";
import { type Lines, createLines } from "../store/lines.ts";
import type { AdvanceDeps } from "../timelines/advance.ts";
import { type TimelineScheduler, createTimelineScheduler } from "../timelines/scheduler.ts";
import { createAwaitCaughtUp } from "../timelines/await-caught-up.ts";
import { type AwaitEffects, createAwaitEffects } from "../timelines/await-effects.ts";

/** The dependencies of the routes. */
export type RouteDeps = AdvanceDeps & {
  readonly database: Database;
  readonly authenticate: Authenticator;
  readonly writeRequest: WriteRequest;
  readonly guard: OutboxGuard;
  readonly scheduler: TimelineScheduler;
  readonly awaitEffects: AwaitEffects;
  /** Waits for the console too. */
  readonly awaitConsole: AwaitEffects;
  readonly services: Pick<OtherServices, "clocksOf" | "customerSteps" | "isReader">;
  readonly deadlines: Deadlines;
  /** The compiled lines of the carriers. */
  readonly lines: Lines;
  readonly mailDomain: MailDomain | undefined;
  readonly canaries: CanaryDeps;
  /**
   * Wakes the loop that deletes the rows of removed timelines. A route calls this function after the commit that removed a timeline.
   */
  readonly onRemoved: () => void;
  /**
   * Limits the number of concurrent `POST /v1/contacts` requests, because each request keeps a database connection until its contact is
   * stored.
   */
  readonly contactPlaces: Places;
};

type RouteConnections = {
  readonly services: OtherServices;
  /** Records how many seconds passed until a stepped timeline was caught up. */
  readonly observeCaughtUp: (seconds: number) => void;
  readonly canaries: CanaryDeps;
  /** Aborts when intake stops, so that waiting requests end. */
  readonly signal: AbortSignal;
  /** The domain of the mailboxes, if this installation receives mail. */
  readonly mailDomain: MailDomain | undefined;
};

/**
 * The number of places is smaller than the number of connections in the pool, because the case writer and the consumer also need
 * connections.
 */
const concurrentContacts = 4;

/** Creates the dependencies of the routes from the chassis and the clients of the other services. */
export function createRouteDeps(
  { database, authenticate, life, wakeRelay, settings }: Chassis<IntakeSettings>,
  { wakeRemoval }: RunningParts,
  { services, observeCaughtUp, canaries, signal, mailDomain }: RouteConnections,
): RouteDeps {
  const deadlines = connectDeadlines(settings.addresses.timer, settings.internalKey);
  life.add("connections for deadlines", () => deadlines.close());
  const awaitCaughtUp = createAwaitCaughtUp({ database, services, observe: observeCaughtUp, signal });
  const scheduler = createTimelineScheduler();
  const lines = createLines();
  const writer = createCaseWriter(database, { lines, mailDomain }, wakeRelay);
  return {
    database,
    scheduler,
    awaitCaughtUp,
    awaitEffects: createAwaitEffects({ database, services, signal }),
    awaitConsole: createAwaitEffects({
      database,
      services: { timelineReports: (own, timeline) => services.timelineReportsWithConsole(own, timeline) },
      signal,
    }),
    onCommitted: wakeRelay,
    partitions: settings.partitions,
    authenticate,
    writeRequest: createWriteRequest(writer, {
      database,
      lines,
      mailDomain,
      scheduler,
      awaitCaughtUp,
      onCommitted: wakeRelay,
    }),
    guard: createOutboxGuard(database, settings.outboxLimit),
    services,
    deadlines,
    lines,
    mailDomain,
    canaries,
    contactPlaces: createPlaces(concurrentContacts),
    onRemoved: wakeRemoval,
  };
}
