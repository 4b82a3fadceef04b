import { topics } from "@crossline/contracts";
import { type FetchedRecord, nameOf } from "../broker.ts";
import type { ServiceName } from "../service-deps.ts";

/** The records that were deleted before a service read them. The checks excuse only the consequences of these losses. */
export class Losses {
  /** The names of the lost records of each service and case. */
  readonly #lost = new Map<string, Set<string>>();

  add(service: ServiceName, record: FetchedRecord): void {
    const place = `${service} ${record.key}`;
    const names = this.#lost.get(place) ?? new Set();
    this.#lost.set(place, names.add(nameOf(record)));
  }

  /** Returns whether the service has lost this record. */
  has(service: ServiceName, record: Pick<FetchedRecord, "topic" | "key" | "sequence">): boolean {
    return this.#lost.size > 0 && this.#lost.get(`${service} ${record.key}`)?.has(nameOf(record)) === true;
  }

  /** Returns whether the service has lost no record of the case. */
  isWhole(service: ServiceName, caseId: string): boolean {
    return this.#lost.size === 0 || !this.#lost.has(`${service} ${caseId}`);
  }

  /** Returns whether the service has lost the opening of the case. */
  isUnopened(service: ServiceName, caseId: string): boolean {
    return this.has(service, { topic: topics.case, key: caseId, sequence: 1 });
  }

  get count(): number {
    return [...this.#lost.values()].reduce((sum, names) => sum + names.size, 0);
  }
}
