import assert from "node:assert/strict";
import { type Cause, gapTypes } from "@crossline/contracts";
import type { Arrival } from "./arrival.ts";

/**
 * The stored state of a topic and key. `seen` is the last sequence that the consumer has read. All records up to the
 * sequence `applied` are applied.
 */
export type KeyState = {
  readonly topic: string;
  readonly key: string;
  readonly seen: number;
  readonly applied: number;
  /** The ctid of the row with this state; undefined if the state is not stored. */
  readonly place?: string | undefined;
};

/** Sequences between `after` and `next` are missing. */
export type SequenceGap = AdvancedKey & { readonly after: number; readonly next: number };

/** A key with a new record, whose sequence shows which earlier records of the key are missing. */
export type AdvancedKey = {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly timeline: string;
};

/** A record that cannot be applied yet, and the cause that must be applied first. */
export type HeldRecord = { readonly arrival: Arrival; readonly wait: Cause };

/** The properties of topics on which a plan depends. */
export type PlanOptions = {
  /** The topics that this consumer reads. Causes of other topics are ignored. */
  readonly reads: ReadonlySet<string>;
  /** The topics that keep only the last record of each key, so that earlier records can be missing. */
  readonly compacted: ReadonlySet<string>;
};

/**
 * The state of a topic and key while the plan is made. The plan applies the records of a key in the order of their
 * sequences.
 */
type PlannedKey = {
  readonly topic: string;
  readonly key: string;
  /** True after the stored state of this key was loaded. */
  isLoaded: boolean;
  /** True while a caller loads the stored state of this key. */
  isLoading: boolean;
  place: string | undefined;
  seen: number;
  applied: number;
  /** See `AdvancedKey`. */
  hasAdvanced: boolean;
  /**
   * Records in memory, in order. The first record waits for a cause. Each later record waits for the record before it.
   */
  readonly inHand: Arrival[];
  /**
   * The last sequence among the key's rows of inbox_waiting that are not in memory. These rows come after the records
   * of `inHand`.
   */
  waitingUpTo: number | undefined;
  /**
   * Records in memory, in order. Their sequences follow `waitingUpTo`, the last sequence of the rows in the database.
   */
  readonly behind: { readonly arrival: Arrival; readonly previous: number }[];
};

/**
 * Decides which records can be applied, in which order, and which must wait. A plan is pure: the transaction loads the
 * states before it plans, and saves the results afterwards. The records of a key keep the order of their sequences, and
 * a record comes after its causes. A cause that arrives later in the same plan releases the records that wait for it.
 */
export type Plan = ReturnType<typeof createPlan>;

/** Creates the plan of one transaction. */
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
    /** The records to apply, in order. */
    ready,
    /** New records of parked cases. */
    parked,
    gaps,
    advanced,
    /**
     * Returns true at the first call for each key. If the result is true, the caller must load the state of the key and
     * call `setKeyState`.
     */
    needsLoading: (topic: string, key: string): boolean => plannedKeys.needsLoading(topic, key),

    /** Sets the stored state of a key. The sequences of a key without a stored state are 0. */
    setKeyState({ topic, key, seen, applied, place }: KeyState): void {
      Object.assign(plannedKeys.get(topic, key), { isLoaded: true, seen, applied, place });
    },

    /**
     * Notes that the key has waiting rows in the database: parked rows of the key, or held rows of the topic and key.
     */
    setWaiting(topic: string, key: string, waitingUpTo: number, isParked: boolean): void {
      if (isParked) parkedKeys.add(key);
      else plannedKeys.get(topic, key).waitingUpTo = waitingUpTo;
    },

    /** Adds a record from the broker. Returns false if the record is a duplicate. */
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

    /**
     * Adds held rows in the order of arrival, from the first of each key. `complete` is true if `rows` contains all
     * remaining held rows of these keys.
     */
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

    /** Adds parked rows to retry, in the order of arrival. The held rows of a key come before its parked rows. */
    takeParked(rows: readonly Arrival[]): void {
      for (const row of rows) append(plannedKeys.of(row), row, plannedKeys.of(row).waitingUpTo ?? 0);
    },

    /** The records that must wait. */
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

    /** The new states of the changed keys. */
    keyStates(): KeyState[] {
      return [...changed].map(({ topic, key, seen, applied, place }) => ({ topic, key, seen, applied, place }));
    },
  };
}

/** Finds gaps in the sequences before new records. */
function createGapDetector(compacted: ReadonlySet<string>) {
  const gaps: SequenceGap[] = [];
  const advanced: AdvancedKey[] = [];

  /** Returns false if this record, or the record that it confirms, was read before. */
  function isNew(planned: PlannedKey, { envelope }: Arrival): boolean {
    const { topic, partition, key, sequence, timeline, type } = envelope;
    const { seen } = planned;
    const isConfirmation = type === gapTypes.head;
    if (sequence < seen || (sequence === seen && !isConfirmation)) return false;
    if (!planned.hasAdvanced) advanced.push({ topic, partition, key, timeline });
    planned.hasAdvanced = true;
    // A confirmation replaces the lost record with the same sequence.
    const next = isConfirmation ? sequence + 1 : sequence;
    if (next > seen + 1 && !compacted.has(topic)) gaps.push({ topic, partition, key, timeline, after: seen, next });
    return sequence > seen;
  }

  return { gaps, advanced, isNew };
}

/** Puts records into the order in which they are applied. */
function createOrder(plannedKeys: PlannedKeys, reads: ReadonlySet<string>) {
  const ready: Arrival[] = [];
  /** For each key, the other keys whose first record in memory waits for a record of that key. */
  const waiters = new Map<PlannedKey, Set<PlannedKey>>();

  function firstMissing({ envelope }: Arrival): Cause | undefined {
    const isMissing = ({ topic, key, sequence }: Cause): boolean =>
      reads.has(topic) &&
      (topic !== envelope.topic || key !== envelope.key) && // the order within a key needs no check
      assertLoaded(plannedKeys.get(topic, key)).applied < sequence;
    return envelope.after?.find(isMissing);
  }

  /**
   * Makes the first records of a key ready, up to the first record with a missing cause. Returns true if at least one
   * record became ready.
   */
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

  /** Makes the records of this key ready, and then the records of other keys that waited for records of this key. */
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

/** A state that was not loaded must never be saved. */
function assertLoaded(planned: PlannedKey): PlannedKey {
  assert.ok(planned.isLoaded, `the state of a key of ${planned.topic} was not loaded`);
  return planned;
}

function pickCause({ topic, key, sequence }: Cause): Cause {
  return { topic, key, sequence };
}

type PlannedKeys = ReturnType<typeof createPlannedKeys>;

function createPlannedKeys() {
  // The maps are nested, because one map would need a joined name for each lookup. Joined names took 5 % of a
  // consumer's CPU.
  const plannedKeys = new Map<string, Map<string, PlannedKey>>();
  const get = (topic: string, key: string): PlannedKey => {
    let ofTopic = plannedKeys.get(topic);
    if (ofTopic === undefined) plannedKeys.set(topic, (ofTopic = new Map()));
    let planned = ofTopic.get(key);
    if (planned === undefined) {
      const empty = {
        isLoaded: false,
        isLoading: false,
        place: undefined,
        seen: 0,
        applied: 0,
        waitingUpTo: undefined,
        hasAdvanced: false,
      };
      planned = { topic, key, ...empty, inHand: [], behind: [] };
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
