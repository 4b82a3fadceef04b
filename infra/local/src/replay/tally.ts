import { topics } from "@crossline/contracts";
import { type Expected, firingKey } from "./expected.ts";
import type { SeenRecord } from "./observe.ts";

/**
 * Counts what came out, from the records alone, and holds it against what must come out.
 *
 * *Lost*: rows without a case record, and firings without a clock record. *Doubled*: one firing under two sequences, or
 * more records of a case than it has rows. *Redelivered*: the same record (topic, key, sequence) seen again.
 */
export class Tally {
  readonly #expected: Expected;
  readonly #timeline: string;
  readonly #seen = new Set<string>();
  readonly #desksNumber = new Map<string, string>();
  readonly #firingSequences = new Map<string, string>();
  readonly #firings = new Map<string, Set<string>>();
  /** Breaches whose case was not known yet when they were seen: topics overtake each other. */
  readonly #early: SeenRecord[] = [];
  readonly #rowsOfCase = new Map<string, number>();
  /** Distinct records of cases, the doubled ones left out. */
  rows = 0;
  redelivered = 0;
  doubled = 0;
  unexpected = 0;
  lastSeenMs = 0;

  constructor(expected: Expected, timeline: string) {
    this.#expected = expected;
    this.#timeline = timeline;
  }

  /** Takes one record of any timeline. */
  take(record: SeenRecord): void {
    if (record.headers["ce_timeline"] !== this.#timeline) return;
    const id = `${record.topic} ${record.key} ${record.headers["ce_sequence"]}`;
    if (this.#seen.has(id)) {
      this.redelivered++;
      return;
    }
    this.#seen.add(id);
    this.lastSeenMs = performance.now();
    if (record.topic === topics.clock) this.#takeFiring(record);
    else this.#takeRow(record);
  }

  /** Distinct cases seen. */
  get cases(): number {
    return this.#desksNumber.size;
  }

  /** Distinct firings by clock. */
  get firings(): Record<string, number> {
    return Object.fromEntries(
      [...this.#expected.firings.keys()].map((name) => [name, this.#firings.get(name)?.size ?? 0]),
    );
  }

  /** Everything that must come out has been seen. */
  get isComplete(): boolean {
    return this.lost === 0;
  }

  get lost(): number {
    let lost = this.#expected.rows - this.rows;
    for (const [name, wanted] of this.#expected.firings) {
      const seen = this.#firings.get(name);
      lost += seen === undefined ? wanted.size : wanted.difference(seen).size;
    }
    return lost;
  }

  /** To be called when no more records come: what is left over counts as doubled or unexpected. */
  finish(): void {
    this.unexpected += this.#early.length;
  }

  #takeRow({ key, headers, value }: SeenRecord): void {
    const type = headers["ce_type"];
    if (type === "crossline.timeline.marked.v1") return;
    if (type === "crossline.case.opened.v1") {
      const { carrierCaseId } = JSON.parse(value) as { carrierCaseId: string };
      this.#desksNumber.set(key, carrierCaseId);
      for (const early of this.#early.splice(0)) this.#takeFiring(early);
    }
    const desksNumber = this.#desksNumber.get(key) ?? "";
    const count = (this.#rowsOfCase.get(desksNumber) ?? 0) + 1;
    this.#rowsOfCase.set(desksNumber, count);
    if (count > (this.#expected.rowsOfCase.get(desksNumber) ?? 0)) this.doubled++;
    else this.rows++;
  }

  #takeFiring(record: SeenRecord): void {
    if (record.headers["ce_type"] !== "crossline.clock.breached.v1") return;
    const desksNumber = this.#desksNumber.get(record.key);
    if (desksNumber === undefined) {
      this.#early.push(record);
      return;
    }
    const { clock, firingId, dueAt } = JSON.parse(record.value) as { clock: string; firingId: string; dueAt: string };
    const sequence = record.headers["ce_sequence"] ?? "";
    const before = this.#firingSequences.get(firingId);
    if (before !== undefined && before !== sequence) this.doubled++;
    this.#firingSequences.set(firingId, sequence);
    const key = firingKey(desksNumber, Temporal.Instant.from(dueAt).epochMilliseconds);
    if (this.#expected.firings.get(clock)?.has(key) !== true) this.unexpected++;
    const firings = this.#firings.get(clock) ?? new Set();
    this.#firings.set(clock, firings.add(key));
  }
}
