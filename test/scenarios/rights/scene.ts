import type { Action } from "@crossline/domain";
import { type RequestIds, addressOf } from "./address.ts";
import { imei, requests } from "./requests.ts";
import type { Company, LineName, State, Step } from "./states.ts";

/** A response with the code of its refusal, or "2xx". */
export type ActionResponse = { readonly status: number; readonly code: string; readonly body: any };
export type Caller = Company | "operator" | "no key";
export type SendRequest = (method: string, path: string, body?: unknown) => Promise<ActionResponse>;

/**
 * The companies of the rights test. `names` has the name of each company in this run, and `as` returns the sender of a
 * caller.
 */
export type Cast = {
  readonly names: Readonly<Record<Company, string>>;
  readonly as: (caller: Caller) => SendRequest;
};

/** After one of these actions, the next step needs the id of a new hand-off, or the new version of the case. */
const offering: ReadonlySet<Action> = new Set(["cross", "transfer", "reject", "return"]);
const none = (prefix: string): string => `${prefix}_${"0".repeat(26)}`;
const opening = { title: "Handheld is dead", channel: "phone", severity: "major" } as const;
const start = Date.UTC(2026, 2, 7, 14);
const until = "2026-03-20T14:00:00Z";

/** A case on a separate timeline. The companies perform actions until the case has the wanted state. */
export class Scene {
  readonly cast: Cast;
  readonly state: State;
  readonly line: LineName;
  #now = start;
  timeline = "";
  caseId = "";
  #otherId = "";
  #changeId = "";
  #version = 1;
  #token = 0;
  #dossierVersion = 1;
  /** The last hand-off, the live handling and the open promise of each company. */
  readonly #handoffs = new Map<string, { readonly queue: string; readonly handoffId: string }>();
  readonly #handlings = new Map<Caller, string>();
  #messageId: string | undefined;
  readonly promises = new Map<Caller, string>();
  /** The actions of all companies that were not refused. */
  readonly performedActions = new Set<Action>();

  constructor(cast: Cast, state: State) {
    this.cast = cast;
    this.state = state;
    this.line = state.line;
  }

  async play(): Promise<this> {
    const northtel = this.cast.as("northtel");
    const timeline = await northtel("POST", "/v1/timelines", { kind: "stepped", start: this.#mark });
    this.timeline = timeline.body.id as string;
    await Promise.all(
      (["northtel", "orchard", "quill", "westvend"] as const).map((company) =>
        this.cast.as(company)("POST", "/v1/subscriptions", { url: "https://hook.example/", timeline: this.timeline }),
      ),
    );
    const open = async (more: object): Promise<string> => {
      const carrierCaseId = `NT-${crypto.randomUUID()}`;
      const body = { ...opening, carrierCaseId, timeline: this.timeline, line: this.line, ...more };
      return (await northtel("POST", "/v1/cases", body)).body.id as string;
    };
    this.caseId = await open({ subject: { imei, name: "A. Customer" } });
    this.#otherId = await open({});
    this.#changeId = await this.#announce();
    for (const step of [["northtel", "promise"], ["northtel", "start-handling"], ...this.state.steps] as Step[])
      await this.#step(step);
    await this.#advance(60_000);
    return this;
  }

  /** Announces a change that affects every vendor and links no case automatically. */
  async #announce(): Promise<string> {
    const { orchard, quill, westvend } = this.cast.names;
    const announced = await this.cast.as("northtel")("POST", "/v1/changes", {
      timeline: this.timeline,
      title: "New addresses",
      description: "The gateway gets new addresses.",
      startsAt: this.#mark,
      affected: { companies: [orchard, quill, westvend] },
    });
    return announced.body.id as string;
  }

  async #step(step: Step): Promise<void> {
    if (step === "three hours") return this.#advance(10_800_000);
    const [company, action] = step;
    const { status, body } = await this.perform(company, action);
    if (status >= 300) throw new Error(`${company} ${action} was refused on the way: ${JSON.stringify(body)}`);
    if (offering.has(action)) await this.#advance(60_000);
  }

  /** Advances the timeline and waits until every service has caught up. */
  async #advance(ms: number): Promise<void> {
    this.#now += ms;
    const northtel = this.cast.as("northtel");
    const advanced = await northtel("POST", `/v1/timelines/${this.timeline}/advance`, { to: this.#mark });
    if (advanced.status !== 200) throw new Error(`the timeline did not advance: ${JSON.stringify(advanced.body)}`);
    const [read, crossings] = await Promise.all(
      ["", "/handoffs"].map((part) => northtel("GET", `/v1/cases/${this.caseId}${part}`)),
    );
    this.#version = read?.body.version as number;
    for (const { vendor, queue, handoffId } of crossings?.body.handoffs ?? [])
      this.#handoffs.set(vendor, { queue, handoffId });
  }

  get #mark(): string {
    return new Date(this.#now).toISOString();
  }

  /** Performs one action of a caller, with the ids of that caller if it has any. */
  async perform(caller: Caller, action: Action): Promise<ActionResponse> {
    const { method, path, body } = this.requestFor(caller, action);
    const response = await this.cast.as(caller)(method, path, body);
    if (response.status >= 300) return response;
    this.performedActions.add(action);
    this.#learn(caller, action, response.body);
    return response;
  }

  /** Returns the request for an action of a caller. */
  requestFor(caller: Caller, action: Action): { readonly method: string; readonly path: string; readonly body: any } {
    const request = requests[action];
    const named = this.#named(caller);
    return { ...addressOf(request, named), body: request.body?.(named) };
  }

  #named(caller: Caller): RequestIds {
    const { names } = this.cast;
    const own = caller in names ? names[caller as Company] : "";
    const dummy = { queue: `${own === names.quill ? names.orchard : names.quill}.care`, handoffId: none("ho") };
    const vendors = [names.orchard, names.quill];
    return {
      timeline: this.timeline,
      caseId: this.caseId,
      otherId: this.#otherId,
      changeId: this.#changeId,
      line: this.line,
      version: this.#version,
      mark: this.#mark,
      until,
      ...(this.#handoffs.get(own) ?? [...this.#handoffs.values()][0] ?? dummy),
      token: Math.max(1, this.#token),
      dossierVersion: this.#dossierVersion,
      handlingId: this.#handlings.get(caller) ?? this.#handlings.get("northtel") ?? none("hd"),
      promiseId: this.promises.get(caller) ?? this.promises.get("northtel") ?? none("pr"),
      messageId: this.#messageId ?? none("ms"),
      promisor: own === names.orchard ? names.quill : names.orchard,
      vendors,
    };
  }

  #learn(caller: Caller, action: Action, body: any): void {
    if (action === "promise") this.promises.set(caller, body.id as string);
    if (action === "deliver-promise" || action === "withdraw-promise") this.promises.delete(caller);
    if (action === "write-message") this.#messageId = body.id as string;
    if (action === "start-handling") this.#handlings.set(caller, body.id as string);
    if (action === "claim") {
      this.#token = body.token as number;
      this.#dossierVersion = body.brief.case.version as number;
    }
  }

  /** Returns all that the carrier reads of the case. */
  async view(): Promise<string> {
    const parts = ["", "/contacts", "/entries", "/handlings", "/handoffs", "/clocks"];
    const responses = await Promise.all(
      parts.map((part) => this.cast.as("northtel")("GET", `/v1/cases/${this.caseId}${part}`)),
    );
    return JSON.stringify(
      responses.map(({ body }) => body),
      undefined,
      1,
    );
  }

  /** Returns whether a result page names the case or its hand-off. */
  isNamedIn(body: unknown): boolean {
    return JSON.stringify(body).includes(this.caseId);
  }
}
