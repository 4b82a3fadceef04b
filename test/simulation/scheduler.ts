import type { DurationMs, Instant } from "@crossline/contracts";

/** What a process waits for: an await that takes so long, or a signal, at most until an instant. */
type Wait = { readonly forMs: DurationMs } | { readonly signal: Signal; readonly until?: Instant };
/** A process of the simulation: every `yield` is an await, at which it can be stopped for good. */
export type Steps<T = void> = Generator<Wait, T, void>;

/** One operating system process: what runs in it dies together, and freezes together. */
export type Replica = {
  readonly name: string;
  readonly tasks: Set<Task>;
  frozenUntil: Instant;
  /** How many awaits were passed so far: faults are planned by it. */
  awaits: number;
  /** How often it has been started. */
  lives: number;
};

/** `turn` grows with each step: what would wake it from an earlier one comes too late. */
type Task = { readonly steps: Steps; readonly replica: Replica | undefined; stepNumber: number; isDead: boolean };
type WakeUp = { readonly at: Instant; readonly order: number; readonly task: Task; readonly stepNumber: number };

/** Wakes whoever waits for it. */
export class Signal {
  readonly waiting = new Set<() => void>();

  raise(): void {
    const woken = [...this.waiting];
    this.waiting.clear();
    for (const wake of woken) wake();
  }
}

/**
 * Virtual time and everything that runs in it: takes the process whose await is over first, lets it go on to its next one.
 * Before that, `beforeStep` may crash or freeze the replica that it runs in.
 */
export class Scheduler {
  now: Instant;
  /** Counted to end what would never end. */
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

  /** What the replica has not committed is gone: a transaction that is open is rolled back, as its connection is cut. */
  crash(replica: Replica): void {
    for (const task of replica.tasks) {
      task.isDead = true;
      task.steps.return();
    }
    replica.tasks.clear();
  }

  /** Lets things happen until an instant. */
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
