import type { PresentedRow } from "@crossline/contracts";
import { ResponseFault, queryOf, read } from "./send.ts";

/**
 * Returns the id of the case that a person names by its id or its number. Throws a ResponseFault with the fault at the field `at` if the
 * company has no such case on the timeline.
 */
export async function findCaseId(named: string, timeline: string, at = "/caseId"): Promise<string> {
  const text = named.trim();
  if (/^cs_[0-9a-z]{26}$/.test(text)) return text;
  const { items } = await read<{ readonly items: readonly PresentedRow[] }>(
    `/v1/search${queryOf({ q: text, timeline })}`,
  );
  const found = items.find(({ number }) => number === text);
  if (found !== undefined) return found.id;
  const fields = [{ at, message: `${text} is not the number or the id of a case of your company` }];
  throw new ResponseFault(404, { title: "The case does not exist", fields }, undefined);
}
