import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { afterEach, expect, test } from "vitest";
import { type MailWorld, createMailWorld, mailDomain, openSmtp, plainMail, sendMail } from "./mail-world.ts";
import { waitFor } from "./world.ts";

let world: MailWorld | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

const mailbox = `northtel@${mailDomain}`;
const countCases = async (of: MailWorld) =>
  (await of.database.query<{ count: number }>({ text: "select count(*)::integer as count from case_record" }))[0]
    ?.count;

test("a full outbox makes the sender retry, and the retry is accepted when the outbox has room", async () => {
  world = await createMailWorld({}, { outboxLimit: 100 });
  const raw = plainMail("Retry me");
  // The test replaces the table by a view of 200 rows, because the relay does not send the rows of a view.
  await world.database.query({
    text: `alter table outbox rename to real_outbox;
      create table full_outbox (like real_outbox including all);
      insert into full_outbox (topic, key, headers, body) select 'none', 'x', '{}', '{}' from generate_series(1, 200);
      create view outbox as select * from full_outbox`,
  });
  expect(await sendMail(world.port, { to: mailbox, raw })).toMatch(/^451 4\.3\.2/);
  expect(await countCases(world)).toBe(0);
  await world.database.query({
    text: "drop view outbox; drop table full_outbox; alter table real_outbox rename to outbox",
  });
  const { port } = world;
  await waitFor(async () => (await sendMail(port, { to: mailbox, raw })).startsWith("250"));
  expect(await countCases(world)).toBe(1);
});

test("the second receiver above the limit is refused for now, and the first gets the mail", async () => {
  world = await createMailWorld({ recipientsMax: 1 });
  const session = await openSmtp(world.port);
  await session.command("EHLO client.example");
  await session.command("MAIL FROM:<sam@customer.example>");
  expect(await session.command(`RCPT TO:<${mailbox}>`)).toMatch(/^250/);
  expect(await session.command(`RCPT TO:<lumen@${mailDomain}>`)).toMatch(/^452 4\.5\.3/);
  await session.command("DATA");
  session.write(`${plainMail("One receiver")}\r\n.\r\n`);
  expect(await session.reply()).toMatch(/^250/);
  session.destroy();
  expect(await countCases(world)).toBe(1);
});

test("connections above the limit are closed, and an idle or slow client loses its connection", async () => {
  world = await createMailWorld({ connectionsMax: 2, idleMs: 1_000 });
  const idle = await openSmtp(world.port);
  const slow = await openSmtp(world.port);
  expect((await openSmtp(world.port)).greeting).toMatch(/^421/);
  await slow.command("EHLO client.example");
  await slow.command("MAIL FROM:<sam@customer.example>");
  await slow.command(`RCPT TO:<${mailbox}>`);
  await slow.command("DATA");
  // One byte in each 100 ms is never idle, so only the limit of the whole mail ends this connection.
  const drip = setInterval(() => slow.write("x"), 100);
  await idle.closed;
  await slow.closed.finally(() => clearInterval(drip));
  expect(await countCases(world)).toBe(0);
  expect(await sendMail(world.port, { to: mailbox, raw: plainMail("Still alive") })).toMatch(/^250/);
});

test("a client can use STARTTLS if a key and a certificate are configured", async () => {
  const folder = mkdtempSync(join(tmpdir(), "crossline-tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", `/CN=${mailDomain}`, "-days", "2"];
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-keyout",
      key,
      "-out",
      cert,
      ...subject,
    ],
    { stdio: "ignore" },
  );
  world = await createMailWorld({ tls: { key, cert } });
  const transport = createTransport({
    host: "127.0.0.1",
    port: world.port,
    requireTLS: true,
    tls: { rejectUnauthorized: false },
  });
  const { response } = await transport.sendMail({
    from: "sam@customer.example",
    to: mailbox,
    subject: "Secret",
    text: "Over TLS",
  });
  expect(response).toMatch(/^250/);
  expect(await countCases(world)).toBe(1);
});
