import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { createRoles, serviceNames, serviceUrl } from "@crossline/servers";
import { connect } from "@crossline/postgres";
import { expect, inject, onTestFinished, test } from "vitest";

/** Creates an empty database for one test. */
async function emptyDatabase(): Promise<string> {
  const { url, run } = inject("postgres");
  const admin = connect({ url, schema: "public", applicationName: "test" });
  const name = `${run}_${randomBytes(4).toString("hex")}`;
  await admin.query({ text: `create database ${name}` });
  onTestFinished(async () => {
    await admin.query({ text: `drop database ${name} with (force)` });
    await admin.close();
  });
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

async function query<R>(url: string, schema: string, text: string): Promise<R[]> {
  const database = connect({ url, schema, applicationName: "test" });
  try {
    return await database.query<R>({ text });
  } finally {
    await database.close();
  }
}

test("every service gets a schema that no other service can enter, also after several concurrent calls", async () => {
  const [one, two] = await Promise.all([emptyDatabase(), emptyDatabase()]);
  const made = await Promise.all([one, one, two, one, two, two].map((url) => createRoles(url, serviceNames)));
  const urls = made[0];
  expect(made[1]).toEqual(urls);
  expect(Object.keys(urls ?? {})).toEqual(serviceNames);
  const { intake = "", timer = "" } = urls ?? {};
  await query(intake, "intake", "create table secret ()");
  await createRoles(one, ["intake"]);
  expect(
    await query(
      intake,
      "intake",
      "select current_user::text as name from secret right join (select 1) as once on true",
    ),
  ).toEqual([{ name: "crossline_intake" }]);
  await expect(query(timer, "timer", "select from intake.secret")).rejects.toThrow(
    "permission denied for schema intake",
  );
  await expect(query(timer, "timer", "create table intake.mine ()")).rejects.toThrow("permission denied");
  await expect(query(timer, "timer", "create table public.mine ()")).rejects.toThrow("permission denied");
  await expect(query(timer, "timer", "create schema mine")).rejects.toThrow("permission denied");
});

test("a role's password is derived from the administrator's password", async () => {
  const url = serviceUrl("postgres://admin:s%C3%A4cret@db:5432/crossline", "timer");
  const password = createHash("sha256").update("säcretcrossline_timer").digest("hex");
  expect(url).toBe(`postgres://crossline_timer:${password}@db:5432/crossline`);
  const admin = await emptyDatabase();
  await createRoles(admin, ["timer"]);
  const secret = decodeURIComponent(new URL(admin).password);
  const [row] = await query<{ stored: string }>(
    admin,
    "public",
    "select rolpassword as stored from pg_authid where rolname = 'crossline_timer'",
  );
  const wanted = createHash("sha256").update(`${secret}crossline_timer`).digest("hex");
  expect(scramMatches(row?.stored ?? "", wanted)).toBe(true);
});

/**
 * Returns whether a stored password matches. The stored form is SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key> (RFC
 * 5803).
 */
function scramMatches(stored: string, password: string): boolean {
  const [, iterations, salt = "", key] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):/.exec(stored) ?? [];
  const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), Number(iterations), 32, "sha256");
  const client = createHmac("sha256", salted).update("Client Key").digest();
  return createHash("sha256").update(client).digest("base64") === key;
}
