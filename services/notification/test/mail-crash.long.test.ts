import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { topics, wall } from "@crossline/contracts";
import { connect } from "@crossline/postgres";
import { freshDatabase, privateKafka, waitFor } from "@crossline/testing";
import { expect, onTestFinished, test } from "vitest";
import type { CustomerMail } from "../src/delivery/compose-mail.ts";
import { insertDeliveries } from "../src/store/delivery.ts";
import { startMailbox } from "./mailbox.ts";
import { newStory } from "./story.ts";
import { internalKey } from "./world.ts";

const main = resolve(import.meta.dirname, "../src/main.ts");
const kafka = await privateKafka();

test.skipIf(kafka === undefined)(
  "if a process is killed between the server's acceptance and the commit, the mail is sent twice with one Message-ID and one outcome",
  { timeout: 120_000 },
  async () => {
    const fresh = await freshDatabase("notification");
    const database = connect(fresh.options("notification"));
    const children: ChildProcess[] = [];
    const box = await startMailbox(undefined, 0, (offered) => {
      // The server keeps the mail, but the process dies before it reads the response.
      if (offered > 1) return undefined;
      children[0]?.kill("SIGKILL");
      return "cut";
    });
    onTestFinished(async () => {
      for (const child of children) child.kill("SIGKILL");
      await Promise.all([box.close(), database.close()]);
      await fresh.drop();
      await kafka?.remove();
    });
    const start = () => {
      const env = {
        DATABASE_URL: fresh.url,
        KAFKA_BROKERS: kafka?.brokers.join(",") ?? "",
        PORT: "0",
        INTERNAL_KEY: internalKey,
        PARTITIONS: "2",
        LOG_LEVEL: "warn",
        SMTP_URL: box.url,
        MAIL_FROM: "support@northtel.example",
        WEBHOOK_TIMEOUT: "PT20S",
      };
      const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "inherit", "inherit"] });
      children.push(child);
      return once(child, "exit");
    };
    const { caseId } = newStory();
    const mail: CustomerMail = {
      kind: "message",
      fromName: "Northtel",
      subject: "Re: x",
      text: "We found the fault.",
      messageId: "ms_1",
      isAutomatic: false,
    };
    const delivery = {
      deliveryId: "dlv_1",
      eventId: `case/${caseId}/2`,
      target: "message/northtel",
      subscriptionId: null,
      outboundMessageId: "ms_1",
      party: "northtel",
      caseId,
      timeline: wall,
      eventType: "message.released",
      eventAt: Date.now(),
      causeTopic: topics.case,
      causeSequence: 2,
      url: "mailto:avery@customer.example",
      payload: JSON.stringify(mail),
      state: "waiting" as const,
    };
    await insertDeliveries(database, [delivery], Date.now(), { subscription: 3_600_000, lastResort: 3_600_000 });

    const [, signal] = await start();
    expect(signal).toBe("SIGKILL");
    const stateOf = async () =>
      (await database.query<{ state: string; attempts: number }>({ text: "select state, attempts from delivery" }))[0];
    expect(await stateOf()).toEqual({ state: "waiting", attempts: 0 });
    const ended = start();
    await waitFor(async () => (await stateOf())?.state === "delivered", { timeoutMs: 60_000 });
    expect(await stateOf()).toEqual({ state: "delivered", attempts: 1 });
    expect(box.mails.map((received) => received.mail.messageId)).toEqual(Array(2).fill("<ms_1@northtel.example>"));
    const outcomes = await database.query({
      text: "select key, sequence from fact_sequence where topic = $1",
      values: [topics.mail],
    });
    expect(outcomes).toEqual([{ key: caseId, sequence: 1 }]);
    children[1]?.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  },
);
