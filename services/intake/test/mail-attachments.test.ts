import { createHash } from "node:crypto";
import { newId } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MailWorld, createMailWorld, mailDomain, sendMail } from "./mail-world.ts";
import { routingOf } from "./routing.ts";
import { waitFor } from "./world.ts";

let world: MailWorld;
beforeAll(async () => {
  world = await createMailWorld({ bytesMax: 12_000_000 });
});
afterAll(() => world.stop());

type MailPart = { readonly name: string; readonly type: string; readonly bytes: Buffer };

/** Returns a mail with attached files. */
function mailWith(files: readonly MailPart[], email: string): string {
  const parts = files.map(({ name, type, bytes }) =>
    [
      "--b",
      `Content-Type: ${type}; name="${name}"`,
      `Content-Disposition: attachment; filename="${name}"`,
      "Content-Transfer-Encoding: base64",
      "",
      bytes.toString("base64").replaceAll(/.{76}/g, "$&\r\n"),
    ].join("\r\n"),
  );
  return [
    `From: Sam <${email}>`,
    "Subject: Files",
    `Message-ID: <${newId("ct")}@customer.example>`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="b"',
    "",
    "--b",
    "Content-Type: text/plain",
    "",
    "See the files.",
    ...parts,
    "--b--",
  ].join("\r\n");
}

let people = 0;
async function receive(files: readonly MailPart[]) {
  const email = `files-${++people}@customer.example`;
  const reply = await sendMail(world.port, { to: `northtel@${mailDomain}`, raw: mailWith(files, email), from: email });
  const [row] = await world.database.query<{ id: string }>({
    text: "select id from case_record where state->'subject'->>'email' = $1",
    values: [email],
  });
  const id = row?.id ?? "";
  const entries = id === "" ? [] : (await world.northtel.get(`/v1/cases/${id}/entries`)).body.items;
  return { reply, id, entries: entries as any[] };
}

test("an attached file is an entry, and the readers of the entry can read exactly its bytes", async () => {
  const bytes = Buffer.from([0, 255, 13, 10, 46, 10, 0, 1, 2, 3]);
  const { reply, id, entries } = await receive([{ name: "../bad\u00ff'name.png", type: "image/png", bytes }]);
  expect(reply).toMatch(/^250/);
  const { attachment } = entries.find(({ kind }) => kind === "attachment");
  expect(attachment).toMatchObject({
    mediaType: "image/png",
    bytes: 10,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  });
  expect(attachment.name).not.toContain("/");
  const path = new URL(attachment.url).pathname;
  expect(attachment.url).toBe(`https://support.crossline.example${path}`);
  const read = async (client: MailWorld["northtel"]) => {
    const url = new URL(path, world.intake.url);
    return client.send("GET", url.pathname, {});
  };
  const response = await read(world.northtel);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-disposition")).toMatch(/^attachment; filename\*=UTF-8''[\w.%-]+$/);
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(response.headers.get("content-type")).toBe("application/octet-stream");
  expect(response.headers.get("content-length")).toBe("10");
  // Another carrier, a vendor without the case, and an unknown file get the same refusal.
  for (const other of [
    await read(world.lumen),
    await read(world.orchard),
    await world.northtel.get(`/v1/cases/${id}/attachments/at_x`),
  ])
    expect(other).toMatchObject({ status: 404, body: { code: "not_found" } });
  const routing = routingOf(world, id);
  await routing.offer();
  await routing.accept();
  await waitFor(async () => (await read(world.orchard)).status === 200);
});

test("files beyond a limit and files of other types are left out, and a note names each of them", async () => {
  const { reply, entries } = await receive([
    { name: "run.exe", type: "application/x-msdownload", bytes: Buffer.from("MZ") },
    { name: "winmail.dat", type: "application/ms-tnef", bytes: Buffer.from("tnef") },
    { name: "page.html", type: "text/html", bytes: Buffer.from("<script>alert(1)</script>") },
    { name: "big.zip", type: "application/zip", bytes: Buffer.alloc(5_000_001) },
    { name: "scan.pdf", type: "application/octet-stream", bytes: Buffer.from("%PDF-1.7") },
  ]);
  expect(reply).toMatch(/^250/);
  expect(
    entries
      .filter(({ kind }) => kind === "attachment")
      .map(({ attachment }) => [attachment.name, attachment.mediaType]),
  ).toEqual([["scan.pdf", "application/pdf"]]);
  const { text } = entries.find(({ kind }) => kind === "note");
  for (const name of ["run.exe", "winmail.dat", "page.html", "big.zip"]) expect(text).toContain(name);
  expect(text).not.toContain("scan.pdf");
});

test("of more than ten files, ten are stored", async () => {
  const files = Array.from({ length: 13 }, (_, index) => ({
    name: `${index}.txt`,
    type: "text/plain",
    bytes: Buffer.from(`file ${index}`),
  }));
  const { entries } = await receive(files);
  expect(entries.filter(({ kind }) => kind === "attachment").length).toBe(10);
  expect(entries.find(({ kind }) => kind === "note").text.match(/was left out/g)).toHaveLength(3);
});
