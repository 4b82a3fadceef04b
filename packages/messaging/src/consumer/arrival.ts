import type { ReceivedMessage } from "@crossline/contracts";
import type { FetchedRecord } from "../broker.ts";
import { type Envelope, fromWire } from "../wire.ts";

/** A record with valid headers that the consumer has read and not applied. */
export type Arrival = {
  readonly envelope: Envelope;
  /** The event to apply. Undefined if the type is not wanted or the value is invalid. */
  readonly event?: ReceivedMessage;
  /** The reason why the value is invalid. The record becomes a dead letter after the earlier records of its key. */
  readonly fault?: string;
  readonly record: FetchedRecord;
  /** The id of the row of inbox_waiting from which the record was loaded. Undefined for a record from the broker. */
  readonly waitingId?: number;
};

/** A record with invalid headers. */
export type UnreadableRecord = { readonly record: FetchedRecord; readonly fault: string; readonly timeline?: string };

/** The maximum length of a key. Keys are ids of about 30 characters, and Postgres could index much longer texts. */
const keyLengthMax = 500;

/**
 * An `ignores` filter does not apply to this type, because a service can have data of a timeline whose cases it
 * ignores.
 */
const removal = "crossline.timeline.removed.v1";

/** Parses fetched records, without the records of ignored timelines. */
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
  const wantsRemovals = types?.has("timeline.removed") === true;
  const isWanted = ({ headers, topic }: FetchedRecord): boolean =>
    ignores?.(headers["ce_timeline"] ?? "", topic) !== true || (wantsRemovals && headers["ce_type"] === removal);
  const wanted = ignores === undefined ? records : records.filter(isWanted);
  return wanted.map((record) => readRecord(record, types));
}

/** Parses a record; never throws. */
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

/** An invalid record keeps a valid timeline, because the counts of that timeline include the record. */
function unreadable(record: FetchedRecord, fault: string): UnreadableRecord {
  const timeline = /^(?:wall|[a-z]{3}_[0-9a-z]{26})$/.exec(record.headers["ce_timeline"] ?? "")?.[0];
  return timeline === undefined ? { record, fault } : { record, fault, timeline };
}

/** Returns false for a record that Postgres would refuse at each retry. */
function isStorable({ key, type, after = [] }: Envelope): boolean {
  return [key, type, ...after.map((cause) => cause.key)].every(
    (text) => text.length <= keyLengthMax && !text.includes("\0"),
  );
}
