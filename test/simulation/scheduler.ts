import type { DurationMs, Instant } from "@crossline/contracts";

/**
 * A process waits for a number of milliseconds, or for a signal. With `until`, the wait for a signal ends at that
 * instant at the latest.
 */
type Wait = { readonly forMs: DurationMs } | { readonly signal: Signal; readonly until?: Instant };
/** A process of the simulation. Every `yield` is an await, at which a crash can end the process. */
export type Steps<T = void> = Generator<Wait, T, void>;

/** One operating-system process. All tasks of the process crash and freeze together. */
export type Replica = {
  readonly name: string;
  readonly tasks: Set<Task>;
  frozenUntil: Instant;
  /** The number of awaits so far. Faults happen at a certain number of awaits. */
  awaits: number;
  /** The number of times that the replica has started. */
  lives: number;
};

/** `stepNumber` grows with each step, so that a late wake-up from an earlier step has no effect. */
type Task = { readonly steps: Steps; readonly replica: Replica | undefined; stepNumber: number; isDead: boolean };
type WakeUp = { readonly at: Instant; readonly order: number; readonly task: Task; readonly stepNumber: number };

/** A signal that, when raised, wakes every task that waits for it. */
export class Signal {
  readonly waiting = new Set<() => void>();

  raise(): void {
    const woken = [...this.waiting];
    this.waiting.clear();
    for (const wake of woken) wake();
  }
}

/**
 * Runs processes in virtual time. The scheduler always runs the process whose await ends first, until its next await.
 * Before each step, `beforeStep` can crash or freeze the replica of the process.
 */
export class Scheduler {
  now: Instant;
  /** The number of steps so far. A maximum number of steps ends a run that would never end. */
  steps = 0;
  beforeStep: (replica: Replica) => void = () => {};
  readonly #queue: WakeUp[] = [];
  #order = 0;

  constructor(now: Instant) {
    this.now = now;
  }

  start(steps: Steps, replica?: Replica, afterMs = 0): void {
    const task: Task = { steps, replica, stepNumber: 0, isDead: false };
    replica?.tasks.add(task);
    this.#wake(task, this.now + afterMs);
  }

  /** Ends all tasks of a replica. The open transaction of the replica is rolled back, because its connection ends. */
  crash(replica: Replica): void {
    for (const task of replica.tasks) {
      task.isDead = true;
      task.steps.return();
    }
    replica.tasks.clear();
  }

  /** Runs all processes until an instant. */
  runUntil(end: Instant): void {
    for (let entry = this.#queue[0]; entry !== undefined && entry.at <= end; entry = this.#queue[0]) {
      this.#take();
      this.now = Math.max(this.now, entry.at);
      if (!entry.task.isDead && entry.stepNumber === entry.task.stepNumber) this.#step(entry.task);
    }
    this.now = Math.max(this.now, end);
  }

  #step(task: Task): void {
    const { replica } = task;
    if (replica !== undefined) {
      if (replica.frozenUntil <= this.now) {
        replica.awaits++;
        this.beforeStep(replica);
      }
      if (task.isDead) return;
      if (replica.frozenUntil > this.now) return this.#wake(task, replica.frozenUntil);
    }
    this.steps++;
    task.stepNumber++;
    const { done, value } = task.steps.next();
    if (done === true) replica?.tasks.delete(task);
    else if ("forMs" in value) this.#wake(task, this.now + value.forMs);
    else {
      const { stepNumber } = task;
      value.signal.waiting.add(() => {
        if (task.stepNumber === stepNumber) this.#wake(task, this.now);
      });
      if (value.until !== undefined) this.#wake(task, Math.max(value.until, this.now));
    }
  }

  #wake(task: Task, at: Instant): void {
    this.#put({ at, order: this.#order++, task, stepNumber: task.stepNumber });
  }

  #put(entry: WakeUp): void {
    const queue = this.#queue;
    let index = queue.push(entry) - 1;
    for (let parent = (index - 1) >> 1; index > 0 && isBefore(entry, queue[parent]!); parent = (index - 1) >> 1) {
      queue[index] = queue[parent]!;
      index = parent;
    }
    queue[index] = entry;
  }

  #take(): void {
    const queue = this.#queue;
    const last = queue.pop()!;
    if (queue.length === 0) return;
    let index = 0;
    for (let child = 1; child < queue.length; child = 2 * index + 1) {
      if (child + 1 < queue.length && isBefore(queue[child + 1]!, queue[child]!)) child++;
      if (!isBefore(queue[child]!, last)) break;
      queue[index] = queue[child]!;
      index = child;
    }
    queue[index] = last;
  }
}

function isBefore(a: WakeUp, b: WakeUp): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
