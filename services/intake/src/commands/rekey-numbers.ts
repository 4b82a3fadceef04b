import { deviceIdentities, hashIdentity, readNumber } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { type CaseNumbers, type ReadNumber, insertReadNumbers, listNumbers } from "../store/numbers.ts";

const casesMax = 500;

/**
 * Lets the cases of a carrier be found by their telephone numbers as its country reads them. Numbers that were stored before the country
 * was set have no country's code. Page by page, each in its own transaction: repeated, it goes through all of them again and changes
 * nothing.
 */
export async function rekeyNumbers(database: Database, carrier: string, country: string): Promise<void> {
  let page: CaseNumbers[];
  let last: CaseNumbers | undefined;
  do {
    page = await listNumbers(database, carrier, last, casesMax);
    const read = page.flatMap((one) => readNumbersOf(one, country));
    await insertReadNumbers(database, read);
    last = page.at(-1);
  } while (page.length === casesMax);
}

function readNumbersOf({ caseId, numbers }: CaseNumbers, country: string): ReadNumber[] {
  return numbers.flatMap((written) => {
    const read = readNumber(written, country);
    return read === undefined ? [] : [{ caseId, former: keyOf(written), identity: keyOf(read) }];
  });
}

function keyOf(msisdn: string): string {
  return deviceIdentities({ msisdn }).map(hashIdentity).join();
}
