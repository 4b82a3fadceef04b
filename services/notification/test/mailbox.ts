import { once } from "node:events";
import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerAddress } from "smtp-server";

/** A mail that the server has accepted, with the addresses from the envelope. */
type ReceivedMail = { readonly from: string; readonly to: string; readonly raw: string; readonly mail: Email };

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

/**
 * Returns the server's response to the data of a mail: a code that refuses the mail, or undefined to accept the mail. With `cut`,
 * the server keeps the mail and ends the connection without a response.
 */
type AnswerToData = (offered: number) => number | "cut" | undefined;

/** Starts a real SMTP server in this process. */
export async function startMailbox(
  answer: Answer = () => undefined,
  port = 0,
  answerToData: AnswerToData = () => undefined,
): Promise<Mailbox> {
  const mails: ReceivedMail[] = [];
  let offered = 0;
  const refusal = (responseCode: number) => Object.assign(new Error("no"), { responseCode });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onRcptTo({ address }: SMTPServerAddress, _session, callback) {
      offered += 1;
      const code = answer(address, offered);
      return code === undefined ? callback() : callback(refusal(code));
    },
    onData(stream, { envelope }, callback) {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(chunk as Buffer);
        const effect = answerToData(offered);
        if (typeof effect === "number") return callback(refusal(effect));
        const raw = Buffer.concat(chunks).toString();
        const mail = await PostalMime.parse(raw);
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        for (const { address: to } of envelope.rcptTo) mails.push({ from, to, raw, mail });
        if (effect === "cut") return server.connections.forEach((connection) => connection.close());
        return callback();
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
