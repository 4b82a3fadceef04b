import { ResponseFault } from "@crossline/cli";
import type { Company, Recorder } from "./company.ts";
import type { Readers } from "./markers.ts";

/** The companies of a history, by their roles. */
export type Companies = Readonly<Record<"north" | "rogers" | "orchard" | "quill", Company>>;
export type RoleName = keyof Companies;

/** A case that a history opens: its carrier, and the vendors of its line in their order. */
export type CasePlan = { readonly carrier: RoleName; readonly vendors: readonly RoleName[]; readonly line: string };

type Crossing = {
  readonly handoffId: string;
  readonly vendor: string;
  readonly queue: string;
  readonly phase: string;
  readonly acceptedAt?: string;
};
/** The state of a case as its carrier reads it. */
export type CaseNow = {
  readonly version: number;
  readonly status: string;
  readonly holder: string;
  readonly joint?: { readonly parties: readonly string[] };
  readonly open: Crossing | undefined;
  readonly crossings: readonly Crossing[];
};

const openPhases: readonly string[] = ["offered", "claimed", "info-requested"];

/** One case of a history, with the ids that the next commands need, and the instants until which each vendor had a part in it. */
export class RandomCase {
  readonly plan: CasePlan;
  readonly companies: Companies;
  readonly #recorder: Recorder;
  readonly #lastPart = new Map<string, number>();
  /** The responses to the commands of each company, in order. */
  readonly responses = new Map<string, string[]>();
  id = "";
  token = 0;
  dossierVersion = 1;
  handlingId = "";
  promiseId = "";
  messageId = "";
  #slot = 0;
  /** The vendor whose resolution is not confirmed yet. */
  #cured = "";

  constructor(plan: CasePlan, companies: Companies, recorder: Recorder) {
    this.plan = plan;
    this.companies = companies;
    this.#recorder = recorder;
  }

  get path(): string {
    return `/v1/cases/${this.id}`;
  }

  get carrier(): Company {
    return this.companies[this.plan.carrier];
  }

  /** Plants a text in the shared history of the case. */
  plant(what: string, writer: Company): string {
    return this.#recorder.markers.plantFor(what, this.#readersNow(writer.party));
  }

  /** Plants a text that only its company reads. */
  plantInternally(what: string, writer: Company): string {
    return this.#recorder.markers.plant(what, writer.party);
  }

  /** Remembers an id that only its company reads. */
  rememberInternally(id: string, what: string, company: Company): void {
    this.#recorder.markers.remember(id, what, [company.party]);
  }

  /** The readers of a text of now: the carrier, the writer, and each vendor that has a part in the case now or later. */
  #readersNow(writer: string): Readers {
    const slot = this.#slot;
    const { party } = this.carrier;
    return () => [
      ...new Set([party, writer, ...[...this.#lastPart].filter(([, last]) => last >= slot).map(([vendor]) => vendor)]),
    ];
  }

  /** Keeps the id of the opened case. */
  isOpenedAs(id: string): void {
    this.id = id;
    this.#recorder.markers.remember(id, "id of a case", this.#readersNow(this.carrier.party));
    this.#recorder.readersOf.set(id, (writer) => this.#readersNow(writer));
  }

  /** Sends a command. A refusal is a result too, and any other fault is thrown. Returns the body, or undefined for a refusal. */
  async send(company: Company, path: string, body: object = {}): Promise<any> {
    const responses = this.responses.get(company.party) ?? [];
    this.responses.set(company.party, responses);
    try {
      const answer = await company.client.post<any>(path, body);
      responses.push(`POST ${path} ${JSON.stringify(answer)}`);
      return answer;
    } catch (error) {
      if (!(error instanceof ResponseFault) || error.status >= 500) throw error;
      responses.push(`POST ${path} ${error.status} ${error.code} ${error.detail}`);
      return undefined;
    }
  }

  /** Reads the case as its carrier, and remembers which vendors have a part in it in this slot. */
  async read(slot: number): Promise<CaseNow> {
    this.#slot = slot;
    const { client } = this.carrier;
    const [state, { handoffs: crossings, holder }] = await Promise.all([
      client.get<Omit<CaseNow, "open" | "crossings">>(this.path),
      client.get<{ handoffs: Crossing[]; holder: string }>(`${this.path}/handoffs`),
    ]);
    const open = crossings.find(({ phase }) => openPhases.includes(phase));
    const parts = [open?.vendor, holder, this.#cured, ...(state.joint?.parties ?? [])];
    for (const company of Object.values(this.companies))
      if (!company.isCarrier && parts.includes(company.party)) this.#lastPart.set(company.party, slot);
    return { ...state, holder, open, crossings };
  }

  /** Remembers that a vendor has resolved the case, or that its part has ended. A reopening shows its reason to every former vendor. */
  cure(vendor: string): void {
    this.#cured = vendor;
    if (vendor !== "") this.#lastPart.set(vendor, this.#slot);
  }

  /** Lets every former vendor read the texts of this slot. */
  showFormer({ crossings }: CaseNow): void {
    for (const { vendor, acceptedAt } of crossings)
      if (acceptedAt !== undefined) this.#lastPart.set(vendor, this.#slot);
  }

  /** Returns whether the company may write about the case in this slot. */
  hasPart(company: Company): boolean {
    return company === this.carrier || this.#lastPart.get(company.party) === this.#slot;
  }
}
