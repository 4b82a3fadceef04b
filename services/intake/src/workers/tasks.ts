import type { Database } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";
import { type StoredTask, delayTask, deleteTask, findDueTask, findNextTask, tryLockTasks } from "../store/tasks.ts";
import type { TaskDeps } from "../tasks/context.ts";
import { runTask } from "../tasks/handlers.ts";

export type TaskWorkerDeps = TaskDeps & {
  readonly database: Database;
  readonly log: Log;
  readonly onCommitted: () => void;
};

// A request of this process wakes the loop. Only this interval makes the loop find a task that a consumer or another replica stored.
const longestSleepMs = 500;
const shortestSleepMs = 5;

/**
 * Starts the loop that runs the tasks of intake. Each task runs in one transaction, which also deletes the task. A task that fails waits
 * longer after each failure, and only the later tasks of its subject wait with it.
 */
export function startTasks({ database, log, onCommitted, ...deps }: TaskWorkerDeps): Loop {
  async function runDue(): Promise<"none" | "ran" | "busy"> {
    let running: StoredTask | undefined;
    try {
      const outcome = await database.transaction(async (tx) => {
        if (!(await tryLockTasks(tx))) return "busy";
        running = await findDueTask(tx);
        if (running === undefined) return "none";
        const { place, task, timeline, subject, at } = running;
        await Promise.all([runTask(tx, task, { ...deps, place, timeline, subject, at }), deleteTask(tx, place)]);
        return "ran";
      });
      if (outcome === "ran") onCommitted();
      return outcome;
    } catch (error) {
      if (running === undefined) throw error;
      const { place, subject, task } = running;
      log.error({ err: error, task: task.does, subject }, "a task failed; the worker retries it");
      await database.transaction((tx) => delayTask(tx, place));
      return "ran";
    }
  }

  async function run(): Promise<{ sleepMs: number }> {
    const { isDue, ms = longestSleepMs } = await findNextTask(database);
    const outcome = isDue ? await runDue() : "none";
    if (outcome === "ran") return { sleepMs: 0 };
    if (outcome === "busy") return { sleepMs: longestSleepMs };
    return { sleepMs: Math.min(Math.max(ms, shortestSleepMs), longestSleepMs) };
  }

  return startLoop({ name: "tasks", log, run });
}
