import {
  type PageSignal,
  type PageMessage,
  type PageReason,
  isPageOvertaken,
  pagePace,
  planMessage,
} from "../src/index.ts";

/** A page for people at one address, as notification makes it of a `roster.paged`. */
export type FakePage = {
  readonly id: number;
  readonly caseId: string;
  readonly people: readonly string[];
  readonly target: string;
  readonly reason: PageReason;
  readonly since: number;
};

/** A fact of a case, and when notification reads it. */
export type FakeSignal = { readonly caseId: string; readonly fact: PageSignal; readonly readAt: number };

/** An attempt: which pages it sent to where, and whether it came through. */
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
 * Notification's way with pages, on a driven clock and with pagers that are down at times: judge, plan, send, retry. The
 * rules are the domain's own; only the clock, the database and the pagers are not real.
 */
export class FakePager {
  readonly attempts: Attempt[] = [];
  readonly overtaken = new Map<FakePage, number>();
  readonly fixed: PageMessage[] = [];
  #waiting: FakePage[] = [];
  #messages: Message[] = [];
  readonly #facts: FakeSignal[] = [];
  readonly #held = new Map<FakePage, number>();
  readonly #isDown: (target: string, at: number) => boolean;

  constructor(isDown: (target: string, at: number) => boolean) {
    this.#isDown = isDown;
  }

  /** Plays everything, until nothing waits any more. */
  play(pages: readonly FakePage[], facts: readonly FakeSignal[]): this {
    const arrivals = [...pages].toSorted((one, other) => one.since - other.since);
    const news = [...facts].toSorted((one, other) => one.readAt - other.readAt);
    for (let now = 0; ; now = this.#next(now, arrivals[0]?.since, news[0]?.readAt)) {
      if (now === Infinity) return this;
      while ((news[0]?.readAt ?? Infinity) <= now) this.#facts.push(news.shift() as FakeSignal);
      while ((arrivals[0]?.since ?? Infinity) <= now) this.#waiting.push(arrivals.shift() as FakePage);
      this.#round(now);
    }
  }

  isGone({ caseId, reason }: FakePage): boolean {
    const facts = this.#facts.filter((one) => one.caseId === caseId).map(({ fact }) => fact);
    return isPageOvertaken(reason, facts);
  }

  #next(now: number, ...others: readonly (number | undefined)[]): number {
    const held = this.#waiting.map((page) => this.#held.get(page) ?? Infinity);
    const retries = this.#messages.map(({ dueAt }) => dueAt);
    return Math.min(...[...held, ...retries, ...others.map((at) => at ?? Infinity)].filter((at) => at > now));
  }

  #round(now: number): void {
    for (const message of this.#messages.filter(({ dueAt }) => dueAt <= now)) this.#send(message, now);
    this.#waiting = this.#unless(this.#waiting, now);
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

  /** A fixed message goes while one of its pages is wanted, with the same pages at every try. */
  #send(message: Message, now: number): void {
    const { target, pages } = message;
    const isWanted = pages.some((page) => !this.isGone(page));
    const delivered = isWanted && !this.#isDown(target, now);
    if (isWanted) this.attempts.push({ at: now, target, pages, first: message.tries === 0, delivered });
    else this.#unless(pages, now);
    message.tries += 1;
    message.dueAt = now + retryMs;
    if (!isWanted || delivered) this.#messages = this.#messages.filter((one) => one !== message);
  }

  #unless(pages: readonly FakePage[], now: number): FakePage[] {
    const gone = pages.filter((page) => this.isGone(page));
    for (const page of gone) this.overtaken.set(page, now);
    return pages.filter((page) => !gone.includes(page));
  }
}
