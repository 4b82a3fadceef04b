import type { Authenticator } from "@crossline/access";
import type { Chassis, Running } from "@crossline/chassis";
import type { Database } from "@crossline/postgres";
import { type OutboxGuard, createOutboxGuard } from "../admission/outbox-guard.ts";
import { type Places, createPlaces } from "../admission/places.ts";
import { type WriteRequest, createCaseWriter } from "../commands/case-writer.ts";
import { createWriteRequest } from "../commands/write-request.ts";
import type { IntakeSettings } from "../config.ts";
import { type Deadlines, connectDeadlines } from "../peers/deadlines.ts";
import type { Peers } from "../peers/peers.ts";
import { createLines } from "../store/lines.ts";
import type { AdvanceDeps } from "../timelines/advance.ts";
import { type Drive, createDrive } from "../timelines/drive.ts";
import { createAwaitQuiet } from "../timelines/quiet.ts";
import { type AwaitRest, createAwaitRest } from "../timelines/rest.ts";

/** What the routes work with. */
export type RouteDeps = AdvanceDeps & {
  readonly database: Database;
  readonly authenticate: Authenticator;
  readonly writeRequest: WriteRequest;
  readonly guard: OutboxGuard;
  readonly drive: Drive;
  readonly awaitRest: AwaitRest;
  readonly peers: Pick<Peers, "clocksOf" | "reads">;
  readonly deadlines: Deadlines;
  /** Wakes the removal of rows, after a commit that removed a timeline. */
  readonly onRemoved: () => void;
  /** For contacts that look for their case: each of them keeps a connection while it is written. */
  readonly contactPlaces: Places;
};

type Watched = {
  readonly peers: Peers;
  /** Observes how long a stepped timeline took to come to rest, in seconds. */
  readonly observeQuiet: (seconds: number) => void;
  /** Ends the waits of requests when intake stops. */
  readonly signal: AbortSignal;
};

/** Fewer than there are connections: the writer and the consumer need theirs. */
const contactsAtOnce = 4;

/** Connects the commands, the timelines and the other services for the routes. */
export function createRouteDeps(
  { database, authenticate, life, wakeRelay, settings }: Chassis<IntakeSettings>,
  { wakeRemoval }: Running,
  { peers, observeQuiet, signal }: Watched,
): RouteDeps {
  const deadlines = connectDeadlines(settings.addresses.timer, settings.internalKey);
  life.add("connections for deadlines", () => deadlines.close());
  const awaitQuiet = createAwaitQuiet({ database, peers, observe: observeQuiet, signal });
  const drive = createDrive();
  const lines = createLines();
  const writer = createCaseWriter(database, lines, wakeRelay);
  return {
    database,
    drive,
    awaitQuiet,
    awaitRest: createAwaitRest({ database, peers, signal }),
    onCommitted: wakeRelay,
    partitions: settings.partitions,
    authenticate,
    writeRequest: createWriteRequest(writer, { database, lines, drive, awaitQuiet, onCommitted: wakeRelay }),
    guard: createOutboxGuard(database, settings.outboxLimit),
    peers,
    deadlines,
    contactPlaces: createPlaces(contactsAtOnce),
    onRemoved: wakeRemoval,
  };
}
