import { type Actor, type EventData, type LineDocument, isFiring, parseInstant } from "@crossline/contracts";
import { type CaseCommand, type HandoffCommand, explain, openHandoffOf } from "../../src/index.ts";
import type { Opening } from "../../src/case/open.ts";
import { at, clockTime, line } from "../given.ts";
import { WholeCase } from "../whole.ts";
import { unstaffed } from "../unstaffed.ts";

export const rep: Actor = { party: "northtel", person: "rep-1", automated: false };
export const importer: Actor = { party: "northtel", automated: true };
export const engineer: Actor = { party: "orchard", person: "eng-1", automated: false };

/** Two rosters whose people are always on duty. */
const deps = { ...unstaffed, onDuty: (name: string) => ({ exists: true, people: [{ person: name, name }] }) };
const paged = { lastResort: ["roster:northtel.duty", "roster:northtel.lead"] } as const satisfies Partial<LineDocument>;
let ids = 0;

/** Runs one case through the rules of intake, timer and routing, without the services. Each method call names the local time of its act. */
export class PlayedCase {
  readonly whole: WholeCase;

  constructor(
    document: Partial<LineDocument> & Pick<LineDocument, "clocks">,
    opening: Partial<Opening> = { channel: "mail" },
  ) {
    const under = line({
      crossing: [{ to: "queue:orchard.handheld", mode: "ticket", repeat: 1 }],
      ...paged,
      ...document,
    });
    this.whole = new WholeCase(under, { ...opening, deps }, rep, at("09:00"));
  }

  /** Executes a command on the case. Throws if the command is refused. */
  command(time: string, command: CaseCommand, actor: Actor = rep): this {
    this.whole.advance(at(time));
    const refused = this.whole.command(command, actor);
    if (refused !== undefined) throw new Error(`${time} ${command.type}: ${refused.code}, ${refused.detail}`);
    return this;
  }

  /** Records a contact. The fields in `data` replace the defaults. */
  contact(time: string, data: Partial<EventData<"case.contacted">> = {}, actor: Actor = rep): this {
    const id = `${++ids}`;
    const fields = { channel: "mail", direction: "inbound", content: "inquiry", ...data } as const;
    return this.command(time, { type: "contact", contactId: `ct_${id}`, handlingId: `hd_${id}`, ...fields }, actor);
  }

  answer(time: string): this {
    return this.contact(time, { direction: "outbound", content: "answer" });
  }

  /** Executes a command of the vendor's desk on the open hand-off. Throws if the command is refused. */
  desk(time: string, command: HandoffCommand): this {
    this.whole.advance(at(time));
    const refused = this.whole.desk(openHandoffOf(this.whole.crossing)?.id ?? "none", command, engineer);
    if (refused !== undefined) throw new Error(`${time} ${command.type}: ${refused.code}, ${refused.detail}`);
    return this;
  }

  /** Crosses the case to a vendor, which accepts it. */
  accepted(time: string): this {
    this.command(time, { type: "cross", asOf: this.whole.intake.version, observing: false });
    const { material } = this.whole.crossing;
    const readBack = { problem: "dead", tried: "nothing" };
    const words = { vendorCaseId: "OR-1", nextStep: "look", eta: "2026-03-20T12:00:00-05:00", readBack };
    const ada = { name: "Ada Lovett", contact: "ada@orchard.example" };
    this.desk(time, { type: "claim" });
    return this.desk(time, { type: "accept", token: 1, engineer: ada, dossierVersion: material.version, ...words });
  }

  resolve(time: string): this {
    return this.command(time, { type: "change-status", to: "resolved", fixCode: "reset" });
  }

  reopen(time: string): this {
    return this.command(time, { type: "reopen", code: "still-broken", reason: "it came back" });
  }

  until(time: string): this {
    this.whole.advance(at(time));
    return this;
  }

  get status(): string {
    return this.whole.intake.status;
  }

  /** The instants of the crossings, for example "11:00". */
  get crossed(): string[] {
    return this.whole.messages.filter(({ type }) => type === "handoff.offered").map(({ time }) => clockTime(time));
  }

  /** Returns the pages for a reason, for example "11:00 northtel.duty". */
  pages(reason: EventData<"roster.paged">["reason"]): string[] {
    return this.whole.messages.flatMap(({ type, time, data }) => {
      const page = data as EventData<"roster.paged">;
      return type === "roster.paged" && page.reason === reason ? [`${clockTime(time)} ${page.roster}`] : [];
    });
  }

  /** Returns the instants at which a clock breached, for example "11:00". */
  breaches(clock: string): string[] {
    return this.whole.clockEvents
      .filter(isFiring)
      .filter(({ data }) => data.clock === clock && data.threshold === 100)
      .map(({ data }) => clockTime(parseInstant(data.dueAt)));
  }

  /** Returns the incarnation of a clock, and the instant at which the clock will breach. */
  clock(name: string): { readonly since: string; readonly due: string | undefined } | undefined {
    const { clocks, line: its, now } = this.whole;
    const explained = explain(clocks, its, now).find(({ clock, endedAt }) => clock === name && endedAt === undefined);
    if (explained === undefined) return undefined;
    const { dueAt } = explained.thresholds.find(({ percent }) => percent === 100) ?? {};
    return { since: explained.incarnation, due: dueAt === undefined ? undefined : clockTime(parseInstant(dueAt)) };
  }
}
