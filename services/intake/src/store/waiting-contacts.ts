import type { EventData, MessageOrigin } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** A vendor's contact about a device for which the vendor has accepted no case. `caller` is the sender of its request. */
export type WaitingContact = EventData<"case.contacted"> & Pick<MessageOrigin, "caller">;

/** Inserts a waiting contact. */
export async function insertWaitingContact(
  tx: Tx,
  {
    timeline,
    vendor,
    identities,
    contact,
  }: {
    readonly timeline: string;
    readonly vendor: string;
    readonly identities: readonly string[];
    readonly contact: WaitingContact;
  },
): Promise<void> {
  await tx.query({
    text: `
      -- waiting-contact.insert
      insert into waiting_contact (contact_id, timeline, vendor, identities, contact) values ($1, $2, $3, $4, $5)`,
    values: [contact.contactId, timeline, vendor, identities, JSON.stringify(contact)],
  });
}

/**
 * Deletes a vendor's waiting contacts about the device of a case that the vendor has just accepted. Returns the deleted contacts,
 * oldest first.
 */
export async function takeWaitingContacts(
  tx: Tx,
  { timeline, vendor, caseId }: { readonly timeline: string; readonly vendor: string; readonly caseId: string },
): Promise<WaitingContact[]> {
  const rows = await tx.query<{ contact: WaitingContact }>({
    text: `
      -- waiting-contact.take
      with taken as (
        delete from waiting_contact
        where vendor = $2 and timeline = $1 and identities && (
          select coalesce(array_agg(identity), '{}') from case_identity where timeline = $1 and case_id = $3)
        returning contact, created_at
      )
      select contact from taken order by created_at`,
    values: [timeline, vendor, caseId],
  });
  return rows.map(({ contact }) => contact);
}

/** Deletes contacts that have waited for 30 days. Returns the number of deleted contacts. */
export async function expireWaitingContacts(tx: Tx): Promise<number> {
  const rows = await tx.query<{ id: string }>({
    text: `
      -- waiting-contact.expire
      delete from waiting_contact where contact_id in (
        select contact_id from waiting_contact where created_at < clock_timestamp() - interval '30 days'
        order by created_at limit 1000 for update skip locked)
      returning contact_id as id`,
  });
  return rows.length;
}
