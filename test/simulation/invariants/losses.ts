import { topics } from "@crossline/contracts";
import { type FetchedRecord, nameOf } from "../broker.ts";
import type { ServiceName } from "../service-deps.ts";

/** What was deleted before a service had read it: all that is excused follows from these records. */
export class Losses {
  /** By service and case: the names of the records. */
  readonly #lost = new Map<string, Set<string>>();

  add(service: ServiceName, record: FetchedRecord): void {
    const place = `${service} ${record.key}`;
    const names = this.#lost.get(place) ?? new Set();
    this.#lost.set(place, names.add(nameOf(record)));
  }

  /** This very record is lost to the service. */
  has(service: ServiceName, record: Pick<FetchedRecord, "topic" | "key" | "sequence">): boolean {
    return this.#lost.size > 0 && this.#lost.get(`${service} ${record.key}`)?.has(nameOf(record)) === true;
  }

  /** The service has read of the case all that there is. */
  isWhole(service: ServiceName, caseId: string): boolean {
    return this.#lost.size === 0 || !this.#lost.has(`${service} ${caseId}`);
  }

  /** The service can know nothing of this case, since its opening is lost to it. */
  isUnopened(service: ServiceName, caseId: string): boolean {
    return this.has(service, { topic: topics.case, key: caseId, sequence: 1 });
  }

  get count(): number {
    return [...this.#lost.values()].reduce((sum, names) => sum + names.size, 0);
  }
}
