import assert from "node:assert/strict";
import { type Cause, gapTypes } from "@crossline/contracts";

import type { Arrival } from "./arrival.ts";

/** What is known of a strand: the last sequence that was read, and the last of which all up to it took effect. */
export type Standing = {
  readonly topic: string;
  readonly key: string;
  readonly seen: number;
  readonly applied: number;
  /** Where its row lies; missing where there is none yet. */
  readonly place?: string | undefined;
};

/** Sequences were left out, between these two. */
export type Gap = Heard & { readonly after: number; readonly next: number };

/** A strand of which a new record was read: what is missing before it is known now. */
export type Heard = {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly timeline: string;
};

/** A record that cannot take effect yet, and what must have taken effect first. */
export type Held = { readonly arrival: Arrival; readonly wait: Cause };

export type PlanOptions = {
  /** The topics that this consumer reads: causes of other topics are no concern of its. */
  readonly reads: ReadonlySet<string>;
  /** Of those, the ones where records of a key may be missing. */
  readonly compacted: ReadonlySet<string>;
};

/** All records of one topic and key: they take effect in the order of their sequences. */
type Strand = {
  readonly topic: string;
  readonly key: string;
  /** The database was asked about it. */
  isKnown: boolean;
  /** Somebody is asking it. */
  isAsked: boolean;
  place: string | undefined;
  seen: number;
  applied: number;
  /** See `Heard`. */
  isHeard: boolean;
  /** In hand, in order; the first waits for a cause, the others for the one before. */
  readonly queue: Arrival[];
  /** The last sequence of the rows in inbox_waiting that are not in hand, and come after `queue`. */
  waitingUpTo: number | undefined;
  /** In hand, in order, behind those rows. */
  readonly behind: { readonly arrival: Arrival; readonly previous: number }[];
};

/**
 * Sorts out what can take effect, in which order, and what must wait. Pure bookkeeping over what the transaction has
 * read; the caller stores the results. Per strand the order of sequences is kept; a record comes after its causes; a
 * cause that arrives later in the same plan releases what waited for it.
 */
export type Plan = ReturnType<typeof createPlan>;

export function createPlan({ reads, compacted }: PlanOptions) {
  const strands = createStrands();
  const { ready, advance, firstMissing } = createOrder(strands, reads);
  const parkedKeys = new Set<string>();
  const changed = new Set<Strand>();
  const parked: Arrival[] = [];
  const { gaps, heard, isNews } = createHearing(compacted);

  function append(strand: Strand, arrival: Arrival, previous: number): void {
    changed.add(known(strand));
    if (strand.waitingUpTo === undefined) strand.queue.push(arrival);
    else strand.behind.push({ arrival, previous: strand.behind.at(-1)?.arrival.envelope.sequence ?? previous });
    if (strand.queue.length === 1) advance(strand);
  }

  return {
    /** In the order in which they are to take effect. */
    ready,
    /** New records of parked cases. */
    parked,
    gaps,
    heard,
    /** True where the database has to be asked about this strand first (`know`), for the first who asks. */
    lacks: (topic: string, key: string): boolean => strands.lacks(topic, key),

    /** Tells what the database says of a strand; zeros where it says nothing. */
    know({ topic, key, seen, applied, place }: Standing): void {
      Object.assign(strands.get(topic, key), { isKnown: true, seen, applied, place });
    },

    /** Rows wait in the database: parked ones with this key, or held ones of this strand. */
    knowWaiting(topic: string, key: string, waitingUpTo: number, isParked: boolean): void {
      if (isParked) parkedKeys.add(key);
      else strands.get(topic, key).waitingUpTo = waitingUpTo;
    },

    /** Takes a record from the broker. False: it was read before. */
    take(arrival: Arrival): boolean {
      const { topic, key, sequence } = arrival.envelope;
      const strand = strands.get(topic, key);
      const { seen } = known(strand);
      if (!isNews(strand, arrival)) return false;
      strand.seen = sequence;
      changed.add(strand);
      if (parkedKeys.has(key)) parked.push(arrival);
      else append(strand, arrival, seen);
      return true;
    },

    /** Takes held rows, in order of arrival and from the first of each strand; `complete`: no more of these strands are left. */
    takeHeld(rows: readonly Arrival[], complete: boolean): void {
      for (const [strand, arrivals] of Map.groupBy(rows, strands.of)) {
        changed.add(known(strand));
        strand.queue.push(...arrivals);
        if (complete) {
          strand.waitingUpTo = undefined;
          strand.queue.push(...strand.behind.splice(0).map(({ arrival }) => arrival));
        }
        advance(strand);
      }
    },

    /** Takes parked rows that are to be tried again, in order of arrival; held rows of their strands come before them. */
    takeParked(rows: readonly Arrival[]): void {
      for (const row of rows) append(strands.of(row), row, strands.of(row).waitingUpTo ?? 0);
    },

    /** What stays in hand. */
    held(): Held[] {
      return [...changed].flatMap(({ topic, key, queue, behind }) => [
        ...queue.map((arrival, index) => {
          const before = queue[index - 1];
          const wait = before === undefined ? firstMissing(arrival) : before.envelope;
          return { arrival, wait: pickCause(wait ?? { topic, key, sequence: 0 }) };
        }),
        ...behind.map(({ arrival, previous }) => ({ arrival, wait: { topic, key, sequence: previous } })),
      ]);
    },

    /** The strands that were touched, as they are now. */
    standings(): Standing[] {
      return [...changed].map(({ topic, key, seen, applied, place }) => ({ topic, key, seen, applied, place }));
    },
  };
}

/** Notes what new records show of the records before them. */
function createHearing(compacted: ReadonlySet<string>) {
  const gaps: Gap[] = [];
  const heard: Heard[] = [];

  /** False: this record, or the one that it confirms, was read before. */
  function isNews(strand: Strand, { envelope }: Arrival): boolean {
    const { topic, partition, key, sequence, timeline, type } = envelope;
    const { seen } = strand;
    const isConfirmation = type === gapTypes.head;
    if (sequence < seen || (sequence === seen && !isConfirmation)) return false;
    if (!strand.isHeard) heard.push({ topic, partition, key, timeline });
    strand.isHeard = true;
    // A confirmation stands for the record of its own sequence, which did not come.
    const next = isConfirmation ? sequence + 1 : sequence;
    if (next > seen + 1 && !compacted.has(topic)) gaps.push({ topic, partition, key, timeline, after: seen, next });
    return sequence > seen;
  }

  return { gaps, heard, isNews };
}

/** Puts records into the order in which they take effect. */
function createOrder(strands: Strands, reads: ReadonlySet<string>) {
  const ready: Arrival[] = [];
  /** Strands whose first record in hand waits for a record of the strand that is the key here. */
  const waiters = new Map<Strand, Set<Strand>>();

  function firstMissing({ envelope }: Arrival): Cause | undefined {
    const isMissing = ({ topic, key, sequence }: Cause): boolean =>
      reads.has(topic) &&
      (topic !== envelope.topic || key !== envelope.key) && // order sees to its own strand
      known(strands.get(topic, key)).applied < sequence;
    return envelope.after?.find(isMissing);
  }

  /** Makes ready what can be at the head of one strand; true where that was something. */
  function drain(strand: Strand): boolean {
    const before = strand.applied;
    for (let arrival = strand.queue[0]; arrival !== undefined; arrival = strand.queue[0]) {
      const missing = firstMissing(arrival);
      if (missing !== undefined) {
        const cause = strands.get(missing.topic, missing.key);
        waiters.set(cause, (waiters.get(cause) ?? new Set()).add(strand));
        break;
      }
      strand.queue.shift();
      ready.push(arrival);
      strand.applied = Math.max(strand.applied, arrival.envelope.sequence);
    }
    return strand.applied > before;
  }

  /** Makes ready what can be, from this strand on: each record may release others. */
  function advance(first: Strand): void {
    const todo = [first];
    for (let strand = todo.pop(); strand !== undefined; strand = todo.pop()) {
      if (!drain(strand)) continue;
      todo.push(...(waiters.get(strand) ?? []));
      waiters.delete(strand);
    }
  }

  return { ready, advance, firstMissing };
}

/** What was never asked for must not be saved as if it had been. */
function known(strand: Strand): Strand {
  assert.ok(strand.isKnown, `the standing of a strand of ${strand.topic} was not loaded`);
  return strand;
}

function pickCause({ topic, key, sequence }: Cause): Cause {
  return { topic, key, sequence };
}

type Strands = ReturnType<typeof createStrands>;

function createStrands() {
  // A map in a map: one of both names together costs a text for each look, which was a twentieth of what a consumer did.
  const strands = new Map<string, Map<string, Strand>>();
  const get = (topic: string, key: string): Strand => {
    let ofTopic = strands.get(topic);
    if (ofTopic === undefined) strands.set(topic, (ofTopic = new Map()));
    let strand = ofTopic.get(key);
    if (strand === undefined) {
      const nothing = {
        isKnown: false,
        isAsked: false,
        place: undefined,
        seen: 0,
        applied: 0,
        waitingUpTo: undefined,
        isHeard: false,
      };
      strand = { topic, key, ...nothing, queue: [], behind: [] };
      ofTopic.set(key, strand);
    }
    return strand;
  };
  return {
    get,
    lacks(topic: string, key: string): boolean {
      const strand = get(topic, key);
      if (strand.isKnown || strand.isAsked) return false;
      strand.isAsked = true;
      return true;
    },
    of: ({ envelope }: Arrival): Strand => get(envelope.topic, envelope.key),
  };
}
