import type { Authenticator } from "@crossline/access";
import type { Database } from "@crossline/postgres";
import type { Turns } from "../commands/turns.ts";
import type { WriteItem } from "../commands/stepped.ts";
import type { Deadlines } from "../workers/deadlines.ts";
import type { Peers } from "../workers/timeline-reports.ts";
import type { AdvanceDeps } from "../workers/advance.ts";
import type { AwaitRest } from "../workers/rest.ts";
import type { Drive } from "../workers/drive.ts";
import type { OutboxGuard } from "../workers/outbox-guard.ts";
import type { Admission } from "./admission.ts";

/** What the routes work with. */
export type RouteDeps = AdvanceDeps & {
  readonly database: Database;
  readonly authenticate: Authenticator;
  readonly writeItem: WriteItem;
  readonly guard: OutboxGuard;
  readonly admission: Admission;
  readonly drive: Drive;
  readonly awaitRest: AwaitRest;
  readonly peers: Pick<Peers, "clocksOf" | "reads">;
  readonly deadlines: Deadlines;
  /** A timeline was removed: there are rows to be deleted. */
  readonly onRemoved: () => void;
  /** Contacts that look for their case, so many at a time: each of them keeps a connection while it is written. */
  readonly contacts: Turns;
};
