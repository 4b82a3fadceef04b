import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { expect, test } from "vitest";

// Imports the patched files of kafkajs by their paths, because a patch must not change a byte on the wire.
const load = createRequire(import.meta.url);
const part = (path: string): unknown => load(load.resolve(`kafkajs/src/protocol/${path}`));
type Encoder = { readonly buffer: Buffer };
const Encoder = part("encoder.js") as new (initialSize: number) => Encoder;
type Headers = Readonly<Record<string, string | readonly string[]>>;
const encode = part("recordBatch/record/v0/index.js") as (encoder: Encoder, record: object) => void;
const decode = part("recordBatch/record/v0/decoder.js") as (decoder: object, context: object) => DecodedRecord;
const Decoder = part("decoder.js") as new (bytes: Buffer) => { readVarInt(): number };
const crc32C = part("recordBatch/crc32C/crc32C.js") as (bytes: Uint8Array) => number;

type DecodedRecord = {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
  readonly offset: string;
};

function there(record: object): { bytes: Buffer; back: DecodedRecord; size: number } {
  const encoder = new Encoder(1); // The buffer is too small for any record, so that it must grow.
  encode(encoder, record);
  const bytes = encoder.buffer;
  const decoder = new Decoder(bytes);
  const size = decoder.readVarInt();
  return { bytes, back: decode(decoder, { firstOffset: "5", firstTimestamp: "100" }), size };
}

test("a record has the bytes that Kafka's documentation specifies", () => {
  const { bytes } = there({ offsetDelta: 1, timestampDelta: 0, key: "k", value: "vw", headers: { h: "é" } });
  // Length, attributes, timestamp, offset, key, value and one header, with a zigzag varint before each text.
  expect([...bytes]).toEqual([28, 0, 0, 2, 2, 107, 4, 118, 119, 2, 2, 104, 4, 195, 169]);
});

test.each([
  { offsetDelta: 0, timestampDelta: 0, value: "", headers: {} },
  { offsetDelta: 1, timestampDelta: 0, value: "v".repeat(50), headers: {} }, // the length takes one byte, then two, then three
  { offsetDelta: 2, timestampDelta: 0, value: "v".repeat(8_180), headers: {} },
  { offsetDelta: 3, timestampDelta: 0, value: "v".repeat(8_190), headers: {} },
  { offsetDelta: 63, timestampDelta: 5, value: "v".repeat(63), headers: { a: "x".repeat(64) } },
  { offsetDelta: 64, timestampDelta: 2 ** 33, value: "é".repeat(9_000), headers: { a: "", ü: "é".repeat(300) } },
  { offsetDelta: 70_000, timestampDelta: 0, value: "v".repeat(600_000), headers: { list: ["1", "2", "3"], b: "4" } },
])("decoding returns the encoded record unchanged: $offsetDelta", (record) => {
  const { bytes, back, size } = there({ ...record, key: "key" });
  const lengthBytes = bytes.length - size;
  expect(lengthBytes).toBeGreaterThanOrEqual(1);
  expect(lengthBytes).toBeLessThanOrEqual(5);
  expect(back.key?.toString()).toBe("key");
  expect(back.value?.toString()).toBe(record.value);
  expect(Number(back.offset)).toBe(5 + record.offsetDelta);
  expect(back.headers).toEqual(record.headers);
});

test("decoding returns a record without a key, and a header named `__proto__`, unchanged", () => {
  const { back } = there({ key: null, value: null, headers: JSON.parse('{"__proto__": "x", "h": "y"}') as Headers });
  expect(back.key).toBeNull();
  expect(back.value).toBeNull();
  expect(Object.keys(back.headers)).toEqual(["__proto__", "h"]);
});

test("checksums are CRC-32C for data of any length", () => {
  const bitwise = (bytes: Uint8Array): number => {
    let crc = -1;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
    }
    return (crc ^ -1) >>> 0;
  };
  expect(crc32C(Buffer.from("123456789"))).toBe(0xe3069283); // RFC 3720's check value
  for (let length = 0; length < 70; length++) {
    const bytes = randomBytes(length);
    expect(crc32C(bytes)).toBe(bitwise(bytes));
  }
});
