import { once } from "node:events";
import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerAddress } from "smtp-server";

/** A mail that the server has accepted, with the receiver's address from the envelope. */
type ReceivedMail = { readonly to: string; readonly raw: string; readonly mail: Email };

export type Mailbox = {
  readonly url: string;
  readonly port: number;
  readonly mails: ReceivedMail[];
  /** Returns the number of mails that clients have offered, including refused mails. */
  readonly offered: () => number;
  header(mail: ReceivedMail | undefined, name: string): string | undefined;
  close(): Promise<void>;
};

/** Returns the code with which the server refuses a mail to an address, or undefined to accept it. */
type Answer = (to: string, offered: number) => number | undefined;

/** Starts a real SMTP server in this process. */
export async function startMailbox(answer: Answer = () => undefined, port = 0): Promise<Mailbox> {
  const mails: ReceivedMail[] = [];
  let offered = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onRcptTo({ address }: SMTPServerAddress, _session, callback) {
      offered += 1;
      const code = answer(address, offered);
      if (code === undefined) return callback();
      return callback(Object.assign(new Error("no"), { responseCode: code }));
    },
    onData(stream, { envelope }, callback) {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(chunk as Buffer);
        const raw = Buffer.concat(chunks).toString();
        const mail = await PostalMime.parse(raw);
        for (const { address } of envelope.rcptTo) mails.push({ to: address, raw, mail });
        callback();
      })();
    },
  });
  // An aborted connection is not a failure of the test.
  server.on("error", () => {});
  const listening = server.listen(port, "127.0.0.1");
  await once(listening, "listening");
  const { port: bound } = listening.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${bound}`,
    port: bound,
    mails,
    offered: () => offered,
    header: (received, name) => received?.mail.headers.find(({ key }) => key === name)?.value,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
