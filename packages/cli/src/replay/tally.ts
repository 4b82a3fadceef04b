import { type ClockKind, topics } from "@crossline/contracts";
import { type ExpectedCounts, firingKey } from "./expected-counts.ts";
import type { SeenRecord } from "./observe.ts";

/** A breach of a clock. `caseId` is the desk's own number of the case. */
export type Breach = {
  readonly caseId: string;
  readonly clock: string;
  readonly kind: ClockKind;
  readonly dueMs: number;
};

/**
 * Counts the records independently of the services, and compares them with the expected counts.
 *
 * - *Lost*: rows without a case record, and firings without a clock record.
 * - *Doubled*: one firing under two sequences, or more records of a case than the case has rows.
 * - *Redelivered*: a second arrival of the same record (topic, key, sequence).
 */
export class Tally {
  readonly #expected: ExpectedCounts;
  readonly #timeline: string;
  readonly #seen = new Set<string>();
  readonly #desksNumber = new Map<string, string>();
  readonly #firingSequences = new Map<string, string>();
  readonly #firings = new Map<string, Set<string>>();
  /**
   * The breaches that arrived before the opening of their case, by case. Records of several topics arrive in any order.
   */
  readonly #early = new Map<string, SeenRecord[]>();
  readonly #onBreach: (breach: Breach) => void;
  readonly #rowsOfCase = new Map<string, number>();
  /** The number of distinct records of cases, without doubled records. */
  rows = 0;
  redelivered = 0;
  doubled = 0;
  unexpected = 0;
  lastSeenMs = 0;
  /** The number of distinct firings of all clocks, warnings included. */
  fired = 0;

  /** `onBreach` gets each breach when the opening of its case is known. */
  constructor(expected: ExpectedCounts, timeline: string, onBreach: (breach: Breach) => void = () => {}) {
    this.#onBreach = onBreach;
    this.#expected = expected;
    this.#timeline = timeline;
  }

  /** Counts one record, but ignores a record that does not belong to the import. */
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

  /** The number of distinct cases. */
  get cases(): number {
    return this.#desksNumber.size;
  }

  /** The numbers of distinct firings by clock. */
  get firings(): Record<string, number> {
    return Object.fromEntries(
      [...this.#expected.firings.keys()].map((name) => [name, this.#firings.get(name)?.size ?? 0]),
    );
  }

  /** True if all expected records have arrived. */
  get isComplete(): boolean {
    return this.lost === 0;
  }

  get lost(): number {
    let lost = this.#expected.rows - this.rows;
    for (const [name, expected] of this.#expected.firings) {
      const seen = this.#firings.get(name);
      lost += seen === undefined ? expected.size : expected.difference(seen).size;
    }
    return lost;
  }

  /** Ends the count after the last record. A breach whose case is still unknown counts as unexpected. */
  finish(): void {
    for (const early of this.#early.values()) this.unexpected += early.length;
  }

  #takeRow({ key, headers, value }: SeenRecord): void {
    const type = headers["ce_type"];
    if (type === "crossline.timeline.marked.v1") return;
    if (type === "crossline.case.opened.v1") {
      const { carrierCaseId } = JSON.parse(value) as { carrierCaseId: string };
      this.#desksNumber.set(key, carrierCaseId);
      for (const early of this.#early.get(key) ?? []) this.#takeBreach(early, carrierCaseId);
      this.#early.delete(key);
    }
    const desksNumber = this.#desksNumber.get(key) ?? "";
    const count = (this.#rowsOfCase.get(desksNumber) ?? 0) + 1;
    this.#rowsOfCase.set(desksNumber, count);
    if (count > (this.#expected.rowsOfCase.get(desksNumber) ?? 0)) this.doubled++;
    else this.rows++;
  }

  #takeFiring(record: SeenRecord): void {
    const type = record.headers["ce_type"];
    if (type !== "crossline.clock.breached.v1" && type !== "crossline.clock.warned.v1") return;
    const { firingId } = JSON.parse(record.value) as { firingId: string };
    const sequence = record.headers["ce_sequence"] ?? "";
    const before = this.#firingSequences.get(firingId);
    if (before === undefined) this.fired++;
    else if (before !== sequence) this.doubled++;
    this.#firingSequences.set(firingId, sequence);
    if (type === "crossline.clock.warned.v1") return;
    const desksNumber = this.#desksNumber.get(record.key);
    if (desksNumber !== undefined) this.#takeBreach(record, desksNumber);
    else this.#early.set(record.key, [...(this.#early.get(record.key) ?? []), record]);
  }

  #takeBreach({ value }: SeenRecord, caseId: string): void {
    const { clock, kind, dueAt } = JSON.parse(value) as { clock: string; kind: ClockKind; dueAt: string };
    const dueMs = Temporal.Instant.from(dueAt).epochMilliseconds;
    this.#onBreach({ caseId, clock, kind, dueMs });
    const expected = this.#expected.firings.get(clock);
    if (expected === undefined && this.#expected.unchecked.has(clock)) return;
    const key = firingKey(caseId, dueMs);
    if (expected?.has(key) !== true) this.unexpected++;
    const firings = this.#firings.get(clock) ?? new Set();
    this.#firings.set(clock, firings.add(key));
  }
}
