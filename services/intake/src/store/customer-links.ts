import type { Tx } from "@crossline/postgres";

/** Counts a new link of a case, and returns the generation that its token names. */
export async function countLink(tx: Tx, caseId: string): Promise<number> {
  const [row] = await tx.query<{ generation: number }>({
    name: "customer-link.count",
    text: `
      -- customer-link.count
      insert into customer_link (case_id, generation, made) values ($1, 1, 1)
      on conflict (case_id) do update set made = customer_link.made + 1
      returning generation`,
    values: [caseId],
  });
  if (row === undefined) throw new Error("a link was not counted");
  return row.generation;
}

/** Ends all links of a case. Without a link, nothing changes. */
export async function endLinks(tx: Tx, caseId: string): Promise<void> {
  await tx.query({
    name: "customer-link.end",
    text: `
      -- customer-link.end
      update customer_link set generation = generation + 1, made = 0 where case_id = $1 and made > 0`,
    values: [caseId],
  });
}

/** Returns true if the links of this generation are valid. */
export async function isValidGeneration(tx: Tx, caseId: string, generation: number): Promise<boolean> {
  const [row] = await tx.query({
    name: "customer-link.find",
    text: `
      -- customer-link.find
      select from customer_link where case_id = $1 and generation = $2`,
    values: [caseId, generation],
  });
  return row !== undefined;
}
