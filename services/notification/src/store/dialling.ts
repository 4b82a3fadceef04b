import { type EventOf, topics, wall } from "@crossline/contracts";
import type { Dialling } from "@crossline/domain";
import { appendToOutbox } from "@crossline/messaging";
import { type Database, now, type Tx } from "@crossline/postgres";
import { nextSequences } from "./event-sequence.ts";

const key = "installation";

/** Publishes the contact methods that this installation can use, if they have changed. */
export async function publishDialling(database: Database, dialling: Dialling): Promise<void> {
  await database.transaction(async (tx) => {
    if (!(await saveDialling(tx, dialling))) return;
    const [sequence = 0] = await nextSequences(tx, topics.dialling, [key]);
    const message: EventOf<"dialling.configured"> = {
      topic: topics.dialling,
      key,
      sequence,
      type: "dialling.configured",
      time: await now(tx),
      timeline: wall,
      data: dialling,
    };
    await appendToOutbox(tx, [message]);
  });
}

/** Saves the dialling. Returns whether the dialling has changed. */
async function saveDialling(tx: Tx, { mail, privateAddresses }: Dialling): Promise<boolean> {
  const saved = await tx.query({
    text: `
      -- notification.save-dialling
      insert into dialling (mail, private_addresses) values ($1, $2)
      on conflict (only_one) do update set mail = excluded.mail, private_addresses = excluded.private_addresses
      where dialling.mail <> excluded.mail or dialling.private_addresses <> excluded.private_addresses
      returning 1`,
    values: [mail, privateAddresses],
  });
  return saved.length > 0;
}
