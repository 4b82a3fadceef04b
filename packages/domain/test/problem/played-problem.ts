import type { ProblemEvent } from "@crossline/contracts";
import {
  type ProblemCommand,
  type ProblemOpening,
  type ProblemState,
  type ProblemTask,
  commandProblem,
  openProblem,
  reachDeadline,
} from "../../src/index.ts";

export const lead = { party: "northtel", person: "lead-1", automated: false };
export const hourMs = 3_600_000;
export const caseId = "cs_00000000000000000000000001";

const opening: ProblemOpening = {
  id: "pb_00000000000000000000000001",
  timeline: "wall",
  title: "No signal after the update",
  scope: { is: "symptom", symptom: "no-signal", vendor: "orchard" },
  source: "by-hand",
  investigateWithinMs: 10 * hourMs,
  cases: 0,
};

/** Plays commands and deadlines on one problem, as intake does: each deadline runs when its task is due. */
export class PlayedProblem {
  now = 1_000_000;
  state: ProblemState;
  readonly messages: ProblemEvent[] = [];
  tasks: ProblemTask[] = [];

  constructor(more: Partial<ProblemOpening> = {}) {
    const opened = openProblem({ ...opening, ...more }, lead, this.now);
    this.state = opened.state;
    this.messages.push(...opened.messages);
    this.tasks.push(...opened.tasks);
  }

  /** Executes a command after some hours. Returns the code of the refusal, or undefined. */
  command(command: ProblemCommand, hours = 0): string | undefined {
    this.pass(hours);
    const outcome = commandProblem(this.state, command, lead, this.now);
    if ("refused" in outcome) return outcome.refused.code;
    this.state = outcome.state;
    this.messages.push(...outcome.messages);
    this.tasks.push(...outcome.tasks);
    return undefined;
  }

  status(to: "investigating" | "resolved" | "closed" | "cancelled", hours = 0): string | undefined {
    return this.command({ type: "change-status", to, reason: "of the test" }, hours);
  }

  knownError(workaround = "Reset the network settings.", hours = 0): string | undefined {
    return this.command({ type: "record-known-error", workaround, fixCode: "network-reset" }, hours);
  }

  /** Lets hours pass. Each deadline task that becomes due runs at its instant. */
  pass(hours: number): this {
    const until = this.now + hours * hourMs;
    for (const task of this.tasks) {
      if (task.does !== "deadline" || task.dueAt > until || task.dueAt < this.now) continue;
      const reached = reachDeadline(this.state, task.incarnation, task.dueAt);
      this.state = reached.state;
      this.messages.push(...reached.messages);
    }
    this.now = until;
    return this;
  }

  overdue(): number[] {
    return this.messages.flatMap(({ type, data }) => (type === "problem.overdue" ? [data.incarnation] : []));
  }
}
