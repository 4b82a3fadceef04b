import { once } from "node:events";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";

/** A text that left Crossline for one receiver. */
type Arrival = {
  readonly channel: "webhook" | "page" | "mail";
  readonly reader: string;
  readonly content: string;
  /** The content without the headers. */
  readonly body: string;
};

/** The receivers of all companies: one HTTP server for webhooks and pages, and one mail server. */
export type Receivers = {
  readonly arrivals: readonly Arrival[];
  readonly smtpUrl: string;
  /** Returns the address at which a company receives webhooks or pages. */
  readonly urlOf: (channel: "webhook" | "page", party: string, more?: string) => string;
  readonly close: () => Promise<void>;
};

/** Starts the receivers. The first part of the domain of a mail address names the receiver: `ada@north.example`. */
export async function openReceivers(): Promise<Receivers> {
  const arrivals: Arrival[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const [, channel = "", reader = ""] = (request.url ?? "").split("/");
      const body = await textOf(request);
      const headers = request.rawHeaders.join("\n");
      arrivals.push({ channel: channel as "webhook" | "page", reader, content: `${headers}\n${body}`, body });
      response.writeHead(204).end();
    })();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const mailServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onData(stream, { envelope }, callback) {
      void (async () => {
        const raw = await textOf(stream);
        const { subject = "", text = "", html = "" } = await PostalMime.parse(raw); // The raw text has encoded words and rows.
        const content = [raw, subject, text, html].join("\n");
        for (const { address } of envelope.rcptTo)
          arrivals.push({
            channel: "mail",
            reader: address.replace(/^.*@/, "").replace(/\.example$/, ""),
            content,
            body: text,
          });
        callback();
      })();
    },
  });
  mailServer.on("error", () => {}); // An aborted connection is not a failure of the walk.
  const listening = mailServer.listen(0, "127.0.0.1");
  await once(listening, "listening");
  return {
    arrivals,
    smtpUrl: `smtp://127.0.0.1:${portOf(listening)}`,
    urlOf: (channel, party, more = "") => `http://127.0.0.1:${portOf(server)}/${channel}/${party}/${more}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await new Promise<void>((resolve) => mailServer.close(() => resolve()));
    },
  };
}

function portOf(server: Pick<Server, "address">): number {
  return (server.address() as AddressInfo).port;
}
