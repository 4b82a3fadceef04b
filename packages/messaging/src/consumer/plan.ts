import assert from "node:assert/strict";
import { type Cause, gapTypes } from "@crossline/contracts";

import type { Arrival } from "./arrival.ts";

/** What is known of a planned: the last sequence that was read, and the last of which all up to it took effect. */
export type KeyState = {
  readonly topic: string;
  readonly key: string;
  readonly seen: number;
  readonly applied: number;
  /** Where its row lies; missing where there is none yet. */
  readonly place?: string | undefined;
};

/** Sequences were left out, between these two. */
export type SequenceGap = AdvancedKey & { readonly after: number; readonly next: number };

/** A planned of which a new record was read: what is missing before it is known now. */
export type AdvancedKey = {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly timeline: string;
};

/** A record that cannot take effect yet, and what must have taken effect first. */
export type HeldRecord = { readonly arrival: Arrival; readonly wait: Cause };

export type PlanOptions = {
  /** The topics that this consumer reads: causes of other topics are no concern of its. */
  readonly reads: ReadonlySet<string>;
  /** Of those, the ones where records of a key may be missing. */
  readonly compacted: ReadonlySet<string>;
};

/** All records of one topic and key: they take effect in the order of their sequences. */
type PlannedKey = {
  readonly topic: string;
  readonly key: string;
  /** The database was asked about it. */
  isLoaded: boolean;
  /** Somebody is asking it. */
  isLoading: boolean;
  place: string | undefined;
  seen: number;
  applied: number;
  /** See `Heard`. */
  hasAdvanced: boolean;
  /** In hand, in order; the first waits for a cause, the others for the one before. */
  readonly inHand: Arrival[];
  /** The last sequence of the rows in inbox_waiting that are not in hand, and come after `inHand`. */
  waitingUpTo: number | undefined;
  /** In hand, in order, behind those rows. */
  readonly behind: { readonly arrival: Arrival; readonly previous: number }[];
};

/**
 * Sorts out what can take effect, in which order, and what must wait. Pure bookkeeping over what the transaction has
 * read; the caller stores the results. Per planned the order of sequences is kept; a record comes after its causes; a
 * cause that arrives later in the same plan releases what waited for it.
 */
export type Plan = ReturnType<typeof createPlan>;

export function createPlan({ reads, compacted }: PlanOptions) {
  const plannedKeys = createPlannedKeys();
  const { ready, advance, firstMissing } = createOrder(plannedKeys, reads);
  const parkedKeys = new Set<string>();
  const changed = new Set<PlannedKey>();
  const parked: Arrival[] = [];
  const { gaps, advanced, isNew } = createGapDetector(compacted);

  function append(planned: PlannedKey, arrival: Arrival, previous: number): void {
    changed.add(assertLoaded(planned));
    if (planned.waitingUpTo === undefined) planned.inHand.push(arrival);
    else planned.behind.push({ arrival, previous: planned.behind.at(-1)?.arrival.envelope.sequence ?? previous });
    if (planned.inHand.length === 1) advance(planned);
  }

  return {
    /** In the order in which they are to take effect. */
    ready,
    /** New records of parked cases. */
    parked,
    gaps,
    advanced,
    /** True where the database has to be asked about this planned first (`know`), for the first who asks. */
    needsLoading: (topic: string, key: string): boolean => plannedKeys.needsLoading(topic, key),

    /** Tells what the database says of a planned; zeros where it says nothing. */
    setKeyState({ topic, key, seen, applied, place }: KeyState): void {
      Object.assign(plannedKeys.get(topic, key), { isLoaded: true, seen, applied, place });
    },

    /** Rows wait in the database: parked ones with this key, or held ones of this planned. */
    setWaiting(topic: string, key: string, waitingUpTo: number, isParked: boolean): void {
      if (isParked) parkedKeys.add(key);
      else plannedKeys.get(topic, key).waitingUpTo = waitingUpTo;
    },

    /** Takes a record from the broker. False: it was read before. */
    take(arrival: Arrival): boolean {
      const { topic, key, sequence } = arrival.envelope;
      const planned = plannedKeys.get(topic, key);
      const { seen } = assertLoaded(planned);
      if (!isNew(planned, arrival)) return false;
      planned.seen = sequence;
      changed.add(planned);
      if (parkedKeys.has(key)) parked.push(arrival);
      else append(planned, arrival, seen);
      return true;
    },

    /** Takes held rows, in order of arrival and from the first of each planned; `complete`: no more of these plannedKeys are left. */
    takeHeld(rows: readonly Arrival[], complete: boolean): void {
      for (const [planned, arrivals] of Map.groupBy(rows, plannedKeys.of)) {
        changed.add(assertLoaded(planned));
        planned.inHand.push(...arrivals);
        if (complete) {
          planned.waitingUpTo = undefined;
          planned.inHand.push(...planned.behind.splice(0).map(({ arrival }) => arrival));
        }
        advance(planned);
      }
    },

    /** Takes parked rows that are to be tried again, in order of arrival; held rows of their plannedKeys come before them. */
    takeParked(rows: readonly Arrival[]): void {
      for (const row of rows) append(plannedKeys.of(row), row, plannedKeys.of(row).waitingUpTo ?? 0);
    },

    /** What stays in hand. */
    held(): HeldRecord[] {
      return [...changed].flatMap(({ topic, key, inHand, behind }) => [
        ...inHand.map((arrival, index) => {
          const before = inHand[index - 1];
          const wait = before === undefined ? firstMissing(arrival) : before.envelope;
          return { arrival, wait: pickCause(wait ?? { topic, key, sequence: 0 }) };
        }),
        ...behind.map(({ arrival, previous }) => ({ arrival, wait: { topic, key, sequence: previous } })),
      ]);
    },

    /** The plannedKeys that were touched, as they are now. */
    keyStates(): KeyState[] {
      return [...changed].map(({ topic, key, seen, applied, place }) => ({ topic, key, seen, applied, place }));
    },
  };
}

/** Notes what new records show of the records before them. */
function createGapDetector(compacted: ReadonlySet<string>) {
  const gaps: SequenceGap[] = [];
  const advanced: AdvancedKey[] = [];

  /** False: this record, or the one that it confirms, was read before. */
  function isNew(planned: PlannedKey, { envelope }: Arrival): boolean {
    const { topic, partition, key, sequence, timeline, type } = envelope;
    const { seen } = planned;
    const isConfirmation = type === gapTypes.head;
    if (sequence < seen || (sequence === seen && !isConfirmation)) return false;
    if (!planned.hasAdvanced) advanced.push({ topic, partition, key, timeline });
    planned.hasAdvanced = true;
    // A confirmation stands for the record of its own sequence, which did not come.
    const next = isConfirmation ? sequence + 1 : sequence;
    if (next > seen + 1 && !compacted.has(topic)) gaps.push({ topic, partition, key, timeline, after: seen, next });
    return sequence > seen;
  }

  return { gaps, advanced, isNew };
}

/** Puts records into the order in which they take effect. */
function createOrder(plannedKeys: PlannedKeys, reads: ReadonlySet<string>) {
  const ready: Arrival[] = [];
  /** Strands whose first record in hand waits for a record of the planned that is the key here. */
  const waiters = new Map<PlannedKey, Set<PlannedKey>>();

  function firstMissing({ envelope }: Arrival): Cause | undefined {
    const isMissing = ({ topic, key, sequence }: Cause): boolean =>
      reads.has(topic) &&
      (topic !== envelope.topic || key !== envelope.key) && // order sees to its own planned
      assertLoaded(plannedKeys.get(topic, key)).applied < sequence;
    return envelope.after?.find(isMissing);
  }

  /** Makes ready what can be at the head of one planned; true where that was something. */
  function drain(planned: PlannedKey): boolean {
    const before = planned.applied;
    for (let arrival = planned.inHand[0]; arrival !== undefined; arrival = planned.inHand[0]) {
      const missing = firstMissing(arrival);
      if (missing !== undefined) {
        const cause = plannedKeys.get(missing.topic, missing.key);
        waiters.set(cause, (waiters.get(cause) ?? new Set()).add(planned));
        break;
      }
      planned.inHand.shift();
      ready.push(arrival);
      planned.applied = Math.max(planned.applied, arrival.envelope.sequence);
    }
    return planned.applied > before;
  }

  /** Makes ready what can be, from this planned on: each record may release others. */
  function advance(first: PlannedKey): void {
    const todo = [first];
    for (let planned = todo.pop(); planned !== undefined; planned = todo.pop()) {
      if (!drain(planned)) continue;
      todo.push(...(waiters.get(planned) ?? []));
      waiters.delete(planned);
    }
  }

  return { ready, advance, firstMissing };
}

/** What was never asked for must not be saved as if it had been. */
function assertLoaded(planned: PlannedKey): PlannedKey {
  assert.ok(planned.isLoaded, `the state of a key of ${planned.topic} was not loaded`);
  return planned;
}

function pickCause({ topic, key, sequence }: Cause): Cause {
  return { topic, key, sequence };
}

type PlannedKeys = ReturnType<typeof createPlannedKeys>;

function createPlannedKeys() {
  // A map in a map: one of both names together costs a text for each look, which was a twentieth of what a consumer did.
  const plannedKeys = new Map<string, Map<string, PlannedKey>>();
  const get = (topic: string, key: string): PlannedKey => {
    let ofTopic = plannedKeys.get(topic);
    if (ofTopic === undefined) plannedKeys.set(topic, (ofTopic = new Map()));
    let planned = ofTopic.get(key);
    if (planned === undefined) {
      const nothing = {
        isLoaded: false,
        isLoading: false,
        place: undefined,
        seen: 0,
        applied: 0,
        waitingUpTo: undefined,
        hasAdvanced: false,
      };
      planned = { topic, key, ...nothing, inHand: [], behind: [] };
      ofTopic.set(key, planned);
    }
    return planned;
  };
  return {
    get,
    needsLoading(topic: string, key: string): boolean {
      const planned = get(topic, key);
      if (planned.isLoaded || planned.isLoading) return false;
      planned.isLoading = true;
      return true;
    },
    of: ({ envelope }: Arrival): PlannedKey => get(envelope.topic, envelope.key),
  };
}
