import type { WireRecord } from "./broker.ts";

/** The most that one record may have, key, headers and value together: what Kafka takes by default, with some air. */
export const recordBytesMax = 1_000_000;

/** One record is too large for the broker. It was not sent, nor was anything sent together with it. */
export class RecordTooLargeError extends Error {
  override readonly name = "RecordTooLargeError";
  readonly topic: string;
  readonly key: string;
  readonly bytes: number;

  constructor(record: WireRecord, bytes: number) {
    super(`a record of ${record.topic} has ${bytes} bytes, more than the ${recordBytesMax} that a broker takes`);
    this.topic = record.topic;
    this.key = record.key;
    this.bytes = bytes;
  }
}

/** Roughly what a record takes in a request, in bytes; a little more rather than less. */
export function recordBytes(record: WireRecord): number {
  let bytes = 40 + Buffer.byteLength(record.key) + Buffer.byteLength(record.value);
  for (const [name, value] of Object.entries(record.headers)) bytes += 6 + name.length + Buffer.byteLength(value);
  return bytes;
}

/** The size of every record; throws a `RecordTooLargeError` for the first that no broker would take. */
export function checkedSizes(records: readonly WireRecord[]): number[] {
  return records.map((record) => {
    const bytes = recordBytes(record);
    if (bytes > recordBytesMax) throw new RecordTooLargeError(record, bytes);
    return bytes;
  });
}
