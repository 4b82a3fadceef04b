import {
  type PageSignal,
  type PageMessage,
  type PageReason,
  isPageOvertaken,
  pagePace,
  planMessage,
} from "../src/index.ts";

/** A page for people at one address, as notification creates it from a `roster.paged`. */
export type FakePage = {
  readonly id: number;
  readonly caseId: string;
  readonly people: readonly string[];
  readonly target: string;
  readonly reason: PageReason;
  readonly since: number;
};

/** An event of a case, and the instant at which notification reads it. */
export type FakeSignal = { readonly caseId: string; readonly signal: PageSignal; readonly readAt: number };

/** An attempt: its pages, its address and its result. */
export type Attempt = {
  readonly at: number;
  readonly target: string;
  readonly pages: readonly FakePage[];
  readonly first: boolean;
  readonly delivered: boolean;
};

type Message = { readonly target: string; readonly pages: readonly FakePage[]; dueAt: number; tries: number };

const retryMs = 20_000;

/**
 * Checks, plans, sends and retries pages as notification does. The fake pager uses the rules of the domain. The clock, the database and the
 * pagers are simulated, and the pagers sometimes fail.
 */
export class FakePager {
  readonly attempts: Attempt[] = [];
  readonly overtaken = new Map<FakePage, number>();
  readonly fixed: PageMessage[] = [];
  #waiting: FakePage[] = [];
  #messages: Message[] = [];
  readonly #signals: FakeSignal[] = [];
  readonly #held = new Map<FakePage, number>();
  readonly #isDown: (target: string, at: number) => boolean;

  constructor(isDown: (target: string, at: number) => boolean) {
    this.#isDown = isDown;
  }

  /** Plays all pages and events until no page waits. */
  play(pages: readonly FakePage[], signals: readonly FakeSignal[]): this {
    const arrivals = [...pages].toSorted((one, other) => one.since - other.since);
    const unread = [...signals].toSorted((one, other) => one.readAt - other.readAt);
    for (let now = 0; ; now = this.#next(now, arrivals[0]?.since, unread[0]?.readAt)) {
      if (now === Infinity) return this;
      while ((unread[0]?.readAt ?? Infinity) <= now) this.#signals.push(unread.shift() as FakeSignal);
      while ((arrivals[0]?.since ?? Infinity) <= now) this.#waiting.push(arrivals.shift() as FakePage);
      this.#round(now);
    }
  }

  isOvertaken({ caseId, reason }: FakePage): boolean {
    const signals = this.#signals.filter((one) => one.caseId === caseId).map(({ signal }) => signal);
    return isPageOvertaken(reason, signals);
  }

  #next(now: number, ...others: readonly (number | undefined)[]): number {
    const held = this.#waiting.map((page) => this.#held.get(page) ?? Infinity);
    const retries = this.#messages.map(({ dueAt }) => dueAt);
    return Math.min(...[...held, ...retries, ...others.map((at) => at ?? Infinity)].filter((at) => at > now));
  }

  #round(now: number): void {
    for (const message of this.#messages.filter(({ dueAt }) => dueAt <= now)) this.#send(message, now);
    this.#waiting = this.#withoutOvertaken(this.#waiting, now);
    const emergencies = this.#waiting.filter(({ reason }) => reason.reason === "emergency");
    for (const page of emergencies) this.#fix([page], page.target, now);
    for (const target of new Set(this.#waiting.map((page) => page.target))) {
      const there = this.#waiting.filter((page) => page.target === target);
      const due = there.some((page) => (this.#held.get(page) ?? now) <= now);
      if (!due) continue;
      const { goes, people, held, until } = planMessage(there, { target, before: this.fixed, pace: pagePace }, now);
      for (const page of held) this.#held.set(page, until);
      if (goes.length === 0) continue;
      this.fixed.push({ people, target, at: now });
      this.#fix(goes, target, now);
    }
  }

  #fix(pages: readonly FakePage[], target: string, now: number): void {
    this.#waiting = this.#waiting.filter((page) => !pages.includes(page));
    const message = { target, pages, dueAt: now, tries: 0 };
    this.#messages.push(message);
    this.#send(message, now);
  }

  /** Sends a message if at least one of its pages still has a reason. Every attempt has the same pages. */
  #send(message: Message, now: number): void {
    const { target, pages } = message;
    const hasReason = pages.some((page) => !this.isOvertaken(page));
    const delivered = hasReason && !this.#isDown(target, now);
    if (hasReason) this.attempts.push({ at: now, target, pages, first: message.tries === 0, delivered });
    else this.#withoutOvertaken(pages, now);
    message.tries += 1;
    message.dueAt = now + retryMs;
    if (!hasReason || delivered) this.#messages = this.#messages.filter((one) => one !== message);
  }

  #withoutOvertaken(pages: readonly FakePage[], now: number): FakePage[] {
    const overtaken = pages.filter((page) => this.isOvertaken(page));
    for (const page of overtaken) this.overtaken.set(page, now);
    return pages.filter((page) => !overtaken.includes(page));
  }
}
