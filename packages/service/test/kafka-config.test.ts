import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority } from "@crossline/testing";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { kafkaConnection, kafkaVariables, parseConfig } from "../src/index.ts";

const schema = z.object(kafkaVariables());
const folder = mkdtempSync(join(tmpdir(), "crossline-kafka-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const password = file("password", "hunter2\n");
const signed = await (await createAuthority()).sign({ name: "timer" });
const certificate = file("certificate.pem", signed.cert);
const key = file("key.pem", signed.key);
const absent = join(folder, "absent");
const user = { KAFKA_SASL_MECHANISM: "scram-sha-512", KAFKA_USER: "timer", KAFKA_PASSWORD_FILE: password };
const tls = { KAFKA_TLS: "on", KAFKA_CA_FILE: certificate };

const connectionOf = (env: Record<string, string>) => {
  const read = parseConfig(schema, env);
  if ("faults" in read) throw new Error(read.faults.join("\n"));
  return kafkaConnection(read.config);
};

test("without variables the connection has neither a user nor TLS", () => {
  expect(connectionOf({})).toEqual({ brokers: ["127.0.0.1:9092"] });
});

test("the variables become the options of kafkajs, and the end of a row is no part of a password", () => {
  const client = { KAFKA_CERT_FILE: certificate, KAFKA_KEY_FILE: key, KAFKA_SERVER_NAME: "kafka.example" };
  expect(connectionOf({ KAFKA_BROKERS: "a:1", ...user, ...tls, ...client })).toEqual({
    brokers: ["a:1"],
    sasl: {
      mechanism: "scram-sha-512",
      username: "timer",
      password: "hunter2",
      passwordVariable: "KAFKA_PASSWORD_FILE",
    },
    ssl: {
      ca: readFileSync(certificate, "utf8"),
      cert: readFileSync(certificate, "utf8"),
      key: readFileSync(key, "utf8"),
      servername: "kafka.example",
    },
  });
  const { KAFKA_PASSWORD_FILE: _, ...named } = user;
  expect(connectionOf({ ...named, KAFKA_PASSWORD: "s3cret" }).sasl).toMatchObject({
    password: "s3cret",
    passwordVariable: "KAFKA_PASSWORD",
  });
});

test("a new connection reads the files again, and keeps the last text of a file that is gone for a moment", () => {
  const rotated = file("rotated", "first");
  const { sasl } = connectionOf({ ...user, KAFKA_PASSWORD_FILE: rotated });
  expect(sasl?.password).toBe("first");
  renameSync(rotated, join(folder, "aside"));
  expect(sasl?.password).toBe("first");
  file("rotated", "second");
  expect(sasl?.password).toBe("second");
  const renewed = file("renewed.pem", readFileSync(certificate, "utf8"));
  const { ssl } = connectionOf({ KAFKA_TLS: "on", KAFKA_CA_FILE: renewed });
  file("renewed.pem", "the next certificate");
  expect({ ...ssl }).toEqual({ ca: "the next certificate" });
});

test.each<[Record<string, string>, string]>([
  [{ KAFKA_USER: "timer" }, "KAFKA_SASL_MECHANISM is missing, but KAFKA_USER needs it."],
  [{ KAFKA_PASSWORD: "hunter2" }, "KAFKA_SASL_MECHANISM is missing, but KAFKA_PASSWORD needs it."],
  [
    { KAFKA_SASL_MECHANISM: "plain", KAFKA_PASSWORD: "hunter2" },
    "KAFKA_USER is missing, but KAFKA_SASL_MECHANISM needs it.",
  ],
  [
    { KAFKA_SASL_MECHANISM: "plain", KAFKA_USER: "timer" },
    "KAFKA_PASSWORD_FILE is missing, but KAFKA_SASL_MECHANISM needs it.",
  ],
  [
    { ...user, KAFKA_PASSWORD: "hunter2" },
    "KAFKA_PASSWORD and KAFKA_PASSWORD_FILE are both set, so remove KAFKA_PASSWORD.",
  ],
  [{ ...tls, KAFKA_CERT_FILE: certificate }, "KAFKA_KEY_FILE is missing, but KAFKA_CERT_FILE needs it."],
  [{ ...tls, KAFKA_KEY_FILE: key }, "KAFKA_CERT_FILE is missing, but KAFKA_KEY_FILE needs it."],
  [{ KAFKA_CA_FILE: certificate }, "KAFKA_TLS is not on, but KAFKA_CA_FILE has an effect only with KAFKA_TLS=on."],
  [
    { KAFKA_SERVER_NAME: "kafka.example" },
    "KAFKA_TLS is not on, but KAFKA_SERVER_NAME has an effect only with KAFKA_TLS=on.",
  ],
])("%j gives one sentence without a value", (env, sentence) => {
  expect(parseConfig(schema, env)).toEqual({ faults: [sentence] });
});

test.each<[Record<string, string>, string]>([
  [{ ...user, KAFKA_SASL_MECHANISM: "gssapi" }, "KAFKA_SASL_MECHANISM must be scram-sha-512, scram-sha-256 or plain ("],
  [
    { ...user, KAFKA_PASSWORD_FILE: absent },
    "KAFKA_PASSWORD_FILE must be the path of a file that this program can read (",
  ],
  [
    { ...user, KAFKA_PASSWORD_FILE: folder },
    "KAFKA_PASSWORD_FILE must be the path of a file that this program can read (",
  ],
  [{ ...user, KAFKA_PASSWORD_FILE: file("empty", "\n") }, "KAFKA_PASSWORD_FILE must contain a password ("],
  [{ ...tls, KAFKA_CA_FILE: password }, "KAFKA_CA_FILE must contain a certificate in PEM form ("],
  [
    { ...tls, KAFKA_CERT_FILE: certificate, KAFKA_KEY_FILE: certificate },
    "KAFKA_KEY_FILE must contain a private key in PEM form without a passphrase (",
  ],
  [{ KAFKA_TLS: "yes" }, "KAFKA_TLS must be on or off ("],
  [{ ...tls, KAFKA_SERVER_NAME: "https://kafka" }, "KAFKA_SERVER_NAME must be the name of a host ("],
])("%j gives one sentence with the purpose of the variable", (env, begin) => {
  const { faults } = parseConfig(schema, env) as { faults: readonly string[] };
  expect(faults).toEqual([expect.stringMatching(new RegExp(`^${RegExp.escape(begin)}[^)]+\\)\\.$`))]);
});
