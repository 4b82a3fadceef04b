import { readFileSync } from "node:fs";
import { once } from "node:events";
import type { Socket } from "node:net";
import { type Log, isRefusal } from "@crossline/service";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import type { Admission } from "../admission/admission.ts";
import type { OutboxGuard } from "../admission/outbox-guard.ts";
import type { MailSettings } from "../config.ts";
import { type DeliverDeps, type MailEffect, deliverMail } from "./deliver.ts";
import { type Destination, distinctDestinations, findDestination } from "./destination.ts";
import { type ReadMail, parseMail } from "./parse.ts";
import { type SmtpRefusal, isSmtpRefusal, smtpError, smtpRefusalOf, smtpRefusals } from "./responses.ts";

export type ReceiverDeps = DeliverDeps & {
  readonly settings: MailSettings & { readonly port: number };
  readonly guard: OutboxGuard;
  readonly admission: Admission;
  readonly log: Log;
  /** Counts a mail by its effect, or by the reply code of its refusal. */
  readonly count: (effect: MailEffect | `refused-${number}`) => void;
};

/** All mails in memory of this process together have at most this size, in bytes. A sender beyond it retries. */
const heldBytesMax = 100_000_000;
/** A client that sends one byte before each idle limit would hold a connection forever. */
const idleLimitsPerMail = 10;

/** Does a part of an SMTP transaction, and returns its refusal. */
type Work = () => Promise<SmtpRefusal | undefined>;

type Receiver = { readonly port: number; stop(): Promise<void> };

/**
 * Starts the SMTP receiver (RFC 5321). It accepts mails only for mailboxes of its domain, and replies 250 only after the commit. It
 * offers STARTTLS if a key and a certificate are configured.
 */
export async function startReceiver(deps: ReceiverDeps): Promise<Receiver> {
  const { settings, log } = deps;
  const { bytesMax, connectionsMax, idleMs, tls, host, port } = settings;
  const destinations = new WeakMap<SMTPServerSession["envelope"], Destination[]>();
  const sockets = new Map<string, Socket>();
  const held = { bytes: 0 };
  const server = new SMTPServer({
    name: settings.domain,
    banner: "Crossline",
    size: bytesMax,
    maxClients: connectionsMax,
    socketTimeout: idleMs,
    closeTimeout: 2_000,
    disableReverseLookup: true,
    authOptional: true,
    disabledCommands: tls === undefined ? ["AUTH", "STARTTLS"] : ["AUTH"],
    ...(tls !== undefined && { key: readFileSync(tls.key), cert: readFileSync(tls.cert) }),
    onMailFrom: (_address, _session, callback) => void respond(() => refuseLoad(deps), callback),
    onRcptTo: ({ address }, { envelope }, callback) =>
      void respond(async () => {
        const known = destinations.get(envelope) ?? [];
        if (envelope.rcptTo.length >= settings.recipientsMax) return smtpRefusals.tooManyReceivers;
        const found = await findDestination(deps.database, address, deps.mailDomain);
        if (isSmtpRefusal(found)) return found;
        destinations.set(envelope, [...known, found]);
        return undefined;
      }, callback),
    onData: (stream, session, callback) =>
      void respond(async () => {
        const limit = setTimeout(() => sockets.get(socketKey(session))?.destroy(), idleMs * idleLimitsPerMail);
        const raw = await readStream(stream, held, bytesMax).finally(() => clearTimeout(limit));
        if (!Buffer.isBuffer(raw)) return raw;
        try {
          return await deliverAll(deps, raw, session.envelope, destinations.get(session.envelope) ?? []);
        } finally {
          held.bytes -= raw.length;
        }
      }, callback),
  });
  server.server.on("connection", (socket: Socket) => {
    const key = `${plainAddress(socket.remoteAddress)} ${socket.remotePort}`;
    sockets.set(key, socket);
    socket.once("close", () => sockets.delete(key));
  });
  // The server reports every connection that a client breaks. Such a client retries, so the report is no error of intake.
  server.on("error", (error: Error) => log.debug({ err: error }, "an SMTP connection failed"));

  async function respond(work: Work, callback: (error?: Error | null) => void): Promise<void> {
    callback(await refusalOf(work));
  }

  async function refusalOf(work: Work): Promise<Error | undefined> {
    try {
      const refused = await work();
      if (refused === undefined) return undefined;
      deps.count(`refused-${refused.smtp}`);
      return smtpError(refused);
    } catch (error) {
      log.error({ err: error }, "a mail could not be received");
      return smtpError(smtpRefusals.failed);
    }
  }

  const listening = server.listen(port, host);
  await once(listening, "listening");
  const address = listening.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function socketKey({ remoteAddress, remotePort }: SMTPServerSession): string {
  return `${plainAddress(remoteAddress)} ${remotePort}`;
}

function plainAddress(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:/, "");
}

async function refuseLoad({ guard }: ReceiverDeps): Promise<SmtpRefusal | undefined> {
  return (await guard.refusal()) === undefined ? undefined : smtpRefusals.busy;
}

/**
 * Reads a mail to its end and adds its size to `held`. Returns a refusal, with the bytes already subtracted, if the mail is too large or
 * too many mails are in memory.
 */
async function readStream(
  stream: SMTPServerDataStream,
  held: { bytes: number },
  bytesMax: number,
): Promise<Buffer | SmtpRefusal> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  let refused: SmtpRefusal | undefined;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (refused !== undefined) continue; // The client sends the whole mail before it reads the reply.
      bytes += chunk.length;
      held.bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > bytesMax) refused = smtpRefusals.tooLarge;
      else if (held.bytes > heldBytesMax) refused = smtpRefusals.busy;
      if (refused !== undefined) {
        held.bytes -= bytes;
        chunks = [];
      }
    }
  } catch (error) {
    if (refused === undefined) held.bytes -= bytes;
    throw error;
  }
  return refused ?? Buffer.concat(chunks, bytes);
}

async function deliverAll(
  deps: ReceiverDeps,
  raw: Buffer,
  { mailFrom }: SMTPServerSession["envelope"],
  all: readonly Destination[],
): Promise<SmtpRefusal | undefined> {
  const sender = mailFrom === false ? "" : mailFrom.address;
  const read = await parseMail(raw, sender).catch(() => undefined);
  if (read === undefined) return smtpRefusals.unreadable;
  let refused: SmtpRefusal | undefined;
  // Each destination is delivered on its own. If one of them is refused, the sender retries, and a repeated delivery has no effect.
  for (const destination of distinctDestinations(all)) {
    const result = await deliverOne(deps, read, destination);
    if (result !== undefined && (refused === undefined || result.smtp < 500)) refused = result;
  }
  return refused;
}

async function deliverOne(
  deps: ReceiverDeps,
  read: ReadMail,
  destination: Destination,
): Promise<SmtpRefusal | undefined> {
  const { admission, count } = deps;
  const { carrier } = destination;
  if ((await refuseLoad(deps)) !== undefined || admission.enter(carrier, true) !== undefined) return smtpRefusals.busy;
  try {
    const result = await deliverMail(deps, { read, destination });
    if (isRefusal(result)) return smtpRefusalOf(result);
    count(result);
    return undefined;
  } finally {
    admission.leave(carrier);
  }
}
