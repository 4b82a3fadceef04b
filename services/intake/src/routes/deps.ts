import type { Database } from "@crossline/postgres";
import type { Caller } from "@crossline/service";
import type { WriteItem } from "../commands/stepped.ts";
import type { AdvanceDeps } from "../workers/advance.ts";
import type { Drive } from "../workers/drive.ts";
import type { OutboxGuard } from "../workers/outbox-guard.ts";
import type { Admission } from "./admission.ts";

/** What the routes work with. */
export type RouteDeps = AdvanceDeps & {
  readonly database: Database;
  readonly authenticate: (key: string) => Promise<Caller | undefined>;
  readonly writeItem: WriteItem;
  readonly guard: OutboxGuard;
  readonly admission: Admission;
  readonly drive: Drive;
};
