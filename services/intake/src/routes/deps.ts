import type { Database } from "@crossline/postgres";
import type { Caller } from "@crossline/service";
import type { WriteItem } from "../commands/stepped.ts";
import type { AdvanceDeps } from "../timelines/advance.ts";
import type { Drive } from "../timelines/drive.ts";
import type { OutboxGuard } from "../workers/outbox-guard.ts";

/** What the routes work with. */
export type RouteDeps = AdvanceDeps & {
  readonly database: Database;
  readonly authenticate: (key: string) => Promise<Caller | undefined>;
  readonly writeItem: WriteItem;
  readonly guard: OutboxGuard;
  readonly drive: Drive;
};
