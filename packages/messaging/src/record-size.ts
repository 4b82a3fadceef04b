import type { WireRecord } from "./broker.ts";

/** The maximum size of a record, with its key, headers and value. The limit is slightly below Kafka's default limit. */
export const recordBytesMax = 1_000_000;

/** Thrown if a record is too large for the broker. The adapter sends no record of a call that throws this error. */
export class RecordTooLargeError extends Error {
  override readonly name = "RecordTooLargeError";
  readonly topic: string;
  readonly key: string;
  readonly bytes: number;

  constructor(record: WireRecord, bytes: number) {
    super(`a record of ${record.topic} has ${bytes} bytes; the broker accepts at most ${recordBytesMax}`);
    this.topic = record.topic;
    this.key = record.key;
    this.bytes = bytes;
  }
}

/** Estimates the size of a record in a request, in bytes. The estimate can be too high, but is never too low. */
export function recordBytes(record: WireRecord): number {
  let bytes = 40 + Buffer.byteLength(record.key) + Buffer.byteLength(record.value);
  for (const [name, value] of Object.entries(record.headers)) bytes += 6 + name.length + Buffer.byteLength(value);
  return bytes;
}

/** Returns the size of every record. Throws a `RecordTooLargeError` for the first record over the limit. */
export function checkSizes(records: readonly WireRecord[]): number[] {
  return records.map((record) => {
    const bytes = recordBytes(record);
    if (bytes > recordBytesMax) throw new RecordTooLargeError(record, bytes);
    return bytes;
  });
}
