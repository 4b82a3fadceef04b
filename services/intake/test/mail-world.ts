import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, connect } from "node:net";
import { join } from "node:path";
import type { MailSettings } from "../src/config.ts";
import { type World, createWorld } from "./world.ts";

export const mailDomain = "mail.crossline.example";

/** A world that receives mail on a real SMTP port. */
export type MailWorld = World & { readonly port: number };

/** Starts intake with an SMTP port. `more` replaces settings of the receiver. */
export async function createMailWorld(
  more: Partial<MailSettings> = {},
  limits: { readonly outboxLimit?: number; readonly canarySmtpUrl?: string } = {},
): Promise<MailWorld> {
  const port = await freePort();
  const mail: MailSettings = {
    domain: mailDomain,
    host: "127.0.0.1",
    port,
    tls: undefined,
    bytesMax: 2_000_000,
    connectionsMax: 20,
    recipientsMax: 5,
    idleMs: 60_000,
    publicUrl: "https://support.crossline.example",
    ...more,
  };
  return Object.assign(await createWorld({ ...limits, mail }), { port });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

/** A connection to an SMTP server that sends exactly the bytes of the test. */
export type SmtpSession = {
  readonly greeting: string;
  /** Sends a command and resolves to the reply, with all its rows. */
  command(text: string): Promise<string>;
  /** Sends bytes without a wait for a reply. */
  write(bytes: string | Buffer): void;
  /** Resolves to the next reply; rejects when the connection closes first. */
  reply(): Promise<string>;
  /** Resolves when the server or the client has closed the connection. */
  readonly closed: Promise<void>;
  destroy(): void;
};

/** Opens an SMTP session and reads the greeting. */
export async function openSmtp(port: number): Promise<SmtpSession> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  // `once` of node:events rejects at an error, and a server that closes while the client writes causes ECONNRESET.
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", () => {});
  socket.on("data", (chunk) => (text += chunk.toString()));
  async function reply(): Promise<string> {
    for (;;) {
      const end = /^\d{3}(?: .*)?\r\n/m.exec(text);
      if (end !== null) {
        const complete = text.slice(0, end.index + end[0].length);
        text = text.slice(complete.length);
        return complete.trim();
      }
      if (socket.destroyed) throw new Error("the connection closed without a reply");
      await Promise.race([once(socket, "data").catch(() => undefined), closed]);
    }
  }
  const greeting = await reply();
  return {
    greeting,
    reply,
    closed,
    write: (bytes) => void socket.write(bytes),
    async command(line) {
      socket.write(`${line}\r\n`);
      return reply();
    },
    destroy: () => socket.destroy(),
  };
}

/** A mail for `sendMail`. `raw` has CRLF line ends. */
export type OutgoingMail = {
  readonly to: string | readonly string[];
  readonly raw: string | Buffer;
  readonly from?: string;
};

/** Sends a mail over a session of its own and resolves to the last reply: that of DATA, or of the first refused command. */
export async function sendMail(
  port: number,
  { to, raw, from = "sam@customer.example" }: OutgoingMail,
): Promise<string> {
  const session = await openSmtp(port);
  try {
    for (const command of [
      "EHLO client.example",
      `MAIL FROM:<${from}> BODY=8BITMIME`,
      ...[to].flat().map((one) => `RCPT TO:<${one}>`),
      "DATA",
    ]) {
      const response = await session.command(command);
      if (!/^[23]/.test(response)) return response;
    }
    const bytes = Buffer.isBuffer(raw) ? raw.toString("latin1") : Buffer.from(raw).toString("latin1");
    session.write(Buffer.from(`${bytes.replaceAll(/^\./gm, "..")}\r\n.\r\n`, "latin1"));
    return await session.reply();
  } finally {
    session.destroy();
  }
}

let sent = 0;

/** Returns a plain mail with its own message id. `headers` are complete header rows. */
export function plainMail(text: string, headers: readonly string[] = []): string {
  sent++;
  const own = headers.map((row) => row.split(":")[0]?.toLowerCase());
  const defaults = [
    "From: Sam Lee <sam@customer.example>",
    "Subject: A question",
    `Message-ID: <mail-${process.pid}-${sent}@customer.example>`,
    "Date: Mon, 2 Mar 2026 09:00:00 +0000",
  ].filter((row) => !own.includes(row.split(":")[0]?.toLowerCase()));
  return [...headers, ...defaults, "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", text].join(
    "\r\n",
  );
}

/** Returns a mail of the folder `mails` with CRLF line ends. */
export function mailFile(name: string): Buffer {
  const bytes = readFileSync(join(import.meta.dirname, "mails", `${name}.eml`)).toString("latin1");
  return Buffer.from(bytes.replaceAll(/\r?\n/g, "\r\n"), "latin1");
}
