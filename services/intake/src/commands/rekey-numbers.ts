import { deviceIdentities, hashIdentity, readNumber } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { type CaseNumbers, type ReadNumber, insertReadNumbers, listNumbers } from "../store/numbers.ts";

const casesMax = 500;

/**
 * Makes a carrier's earlier cases findable by telephone numbers with a country code. The function adds an identity with the country
 * code for each number that was stored before the carrier set its country. Each batch is a transaction of its own. A repeated call
 * reads all cases again and changes nothing.
 */
export async function rekeyNumbers(database: Database, carrier: string, country: string): Promise<void> {
  let batch: CaseNumbers[];
  let last: CaseNumbers | undefined;
  do {
    batch = await listNumbers(database, carrier, last, casesMax);
    const read = batch.flatMap((numbers) => readNumbersOf(numbers, country));
    await insertReadNumbers(database, read);
    last = batch.at(-1);
  } while (batch.length === casesMax);
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
