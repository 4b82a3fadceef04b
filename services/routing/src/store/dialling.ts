import type { Dialling } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";

/**
 * Saves the dialling that notification has published. All events of the dialling have the same key, so the events arrive in
 * order.
 */
export async function saveDialling(tx: Tx, { mail, privateAddresses }: Dialling): Promise<void> {
  await tx.query({
    text: `
      -- routing.save-dialling
      insert into dialling (mail, private_addresses) values ($1, $2)
      on conflict (only_one) do update set mail = excluded.mail, private_addresses = excluded.private_addresses`,
    values: [mail, privateAddresses],
  });
}

/** Finds the dialling of this installation. Returns undefined until notification has published a dialling. */
export async function findDialling(tx: Tx): Promise<Dialling | undefined> {
  const [row] = await tx.query<Dialling>({
    text: `
      -- routing.find-dialling
      select mail, private_addresses as "privateAddresses" from dialling`,
  });
  return row;
}
