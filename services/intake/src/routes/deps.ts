import type { Authenticator } from "@crossline/access";
import type { Database } from "@crossline/postgres";
import type { Places } from "../admission/places.ts";
import type { WriteRequest } from "../commands/case-writer.ts";
import type { Deadlines } from "../peers/deadlines.ts";
import type { Peers } from "../peers/peers.ts";
import type { AdvanceDeps } from "../timelines/advance.ts";
import type { AwaitRest } from "../timelines/rest.ts";
import type { Drive } from "../timelines/drive.ts";
import type { OutboxGuard } from "../admission/outbox-guard.ts";

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
  /** A timeline was removed: there are rows to be deleted. */
  readonly onRemoved: () => void;
  /** For contacts that look for their case: each of them keeps a connection while it is written. */
  readonly contactPlaces: Places;
};
