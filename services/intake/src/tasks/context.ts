import type { Instant } from "@crossline/contracts";
import type { MailDomain } from "@crossline/domain";
import type { Lines } from "../store/lines.ts";

/** The parts of intake that tasks need. */
export type TaskDeps = { readonly lines: Lines; readonly mailDomain?: MailDomain | undefined };

/** The timeline of a task, the id of its subject, and the instant at which it runs. `place` identifies the task. */
export type TaskContext = TaskDeps & {
  readonly place: number;
  readonly timeline: string;
  readonly subject: string;
  readonly at: Instant;
};
