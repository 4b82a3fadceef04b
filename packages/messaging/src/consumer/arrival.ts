import type { ReceivedMessage } from "@crossline/contracts";
import type { FetchedRecord } from "../broker.ts";
import { type Envelope, fromWire } from "../wire.ts";

/** A record whose headers make sense, on its way to take effect. */
export type Arrival = {
  readonly envelope: Envelope;
  /** To be applied. Missing where the type is not wanted, or where there is a fault. */
  readonly event?: ReceivedMessage;
  /** Why the value cannot be read: it goes to the dead letters when its turn has come. */
  readonly fault?: string;
  readonly record: FetchedRecord;
  /** Its row in inbox_waiting, when it comes from there. */
  readonly waitingId?: number;
};

/** A record of which not even the headers can be read. */
export type UnreadableRecord = { readonly record: FetchedRecord; readonly fault: string; readonly timeline?: string };

/** What an index of Postgres can hold with air: keys are ids of some 30 characters. */
const keyLengthMax = 500;

/** A service may keep something of a timeline's whose cases it ignores. */
const removal = "crossline.timeline.removed.v1";

/** Reads what was fetched, without the timelines of which nothing is wanted. */
export function readRecords(
  records: readonly FetchedRecord[],
  {
    wanted: types,
    ignores,
  }: {
    readonly wanted: ReadonlySet<string> | undefined;
    readonly ignores?: ((timeline: string, topic: string) => boolean) | undefined;
  },
): (Arrival | UnreadableRecord)[] {
  const hearsRemovals = types?.has("timeline.removed") === true;
  const isWanted = ({ headers, topic }: FetchedRecord): boolean =>
    ignores?.(headers["ce_timeline"] ?? "", topic) !== true || (hearsRemovals && headers["ce_type"] === removal);
  const wanted = ignores === undefined ? records : records.filter(isWanted);
  return wanted.map((record) => readRecord(record, types));
}

/** Reads a record as far as it can be read; never throws. */
export function readRecord(
  record: FetchedRecord,
  wanted: ReadonlySet<string> | undefined,
  waitingId?: number,
): Arrival | UnreadableRecord {
  const read = fromWire(record, wanted);
  if (!read.ok && read.envelope === undefined) return unreadable(record, read.reason);
  const envelope = read.ok ? (read.skipped ? read.envelope : read.event) : (read.envelope as Envelope);
  if (!isStorable(envelope)) return unreadable(record, "a key or type is too long or holds a NUL");
  return {
    envelope,
    record,
    ...(read.ok && !read.skipped && { event: read.event }),
    ...(!read.ok && { fault: read.reason }),
    ...(waitingId !== undefined && { waitingId }),
  };
}

/** The timeline is kept where it can be read at all: its counts wait for this record too. */
function unreadable(record: FetchedRecord, fault: string): UnreadableRecord {
  const timeline = /^(?:wall|[a-z]{3}_[0-9a-z]{26})$/.exec(record.headers["ce_timeline"] ?? "")?.[0];
  return timeline === undefined ? { record, fault } : { record, fault, timeline };
}

/** Else Postgres would refuse it, again and again. */
function isStorable({ key, type, after = [] }: Envelope): boolean {
  return [key, type, ...after.map((cause) => cause.key)].every(
    (text) => text.length <= keyLengthMax && !text.includes("\0"),
  );
}
