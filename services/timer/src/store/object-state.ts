import { type CaseClocks, type Clock, type Handling, heartbeatGraceMs, parseStart } from "@crossline/domain";

/** A state as it was stored before migration 0005: read here, and stored as a list when the case is next written. */
export type ObjectState = Pick<CaseClocks, "severity" | "status" | "holder" | "sequence"> & {
  readonly read: readonly [onCase: number, onHandoff: number];
  readonly crossed?: true;
  readonly handlings?: readonly (Pick<Handling, "id" | "party" | "channel"> & { readonly lastBeatAt: number })[];
  readonly clocks?: readonly StoredClock[];
  readonly ended?: readonly (readonly [...StoredClock, endedAt: number, overtaken: 0 | 1])[];
  readonly trace?: string;
};

type StoredClock = readonly [
  name: string,
  kind: Clock["kind"],
  incarnation: string,
  charged: string,
  startedAt: number,
  targetMs: number,
  thresholds: readonly number[],
  counted: readonly (readonly [from: number, to?: number])[],
  fired: readonly (readonly [dueAt: number, firedAt: number])[],
];

export function decodeObject(stored: ObjectState): Omit<CaseClocks, "caseId" | "timeline" | "carrier" | "line"> {
  const { severity, status, holder, sequence, read, crossed = false, handlings = [], clocks = [], ended = [] } = stored;
  return {
    severity,
    status,
    holder,
    sequence,
    crossed,
    handlings: handlings.map(({ lastBeatAt, ...handling }) => ({
      ...handling,
      liveUntil: lastBeatAt + heartbeatGraceMs,
    })),
    applied: "cut", // Nothing was kept of the order.
    read: { case: read[0], handoff: read[1] },
    clocks: clocks.map(decodeClock),
    ended: ended.map((clock) => {
      const [name, kind, incarnation, charged, startedAt, targetMs, thresholds, counted, fired] = clock;
      const plain = [name, kind, incarnation, charged, startedAt, targetMs, thresholds, counted, fired] as const;
      return { ...decodeClock(plain), endedAt: clock[9], overtaken: clock[10] === 1 };
    }),
  };
}

function decodeClock(stored: StoredClock): Clock {
  const [name, kind, incarnation, charged, startedAt, targetMs, thresholds, counted, fired] = stored;
  return {
    name,
    kind,
    start: parseStart(incarnation),
    charged,
    startedAt,
    targetMs,
    thresholds,
    counted: counted.map(([from, to]) => (to === undefined ? { from } : { from, to })),
    fired: fired.map(([dueAt, firedAt]) => ({ dueAt, firedAt })),
  };
}
