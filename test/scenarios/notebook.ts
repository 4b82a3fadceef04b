import { type Cast, Play, prepareFourteenDays, retryWhileRefused } from "@crossline/cli";
import type { Stage } from "./stage.ts";

/* The companies and the acts of story 3: a carrier and the maker of a notebook. */

export const zone = "America/Toronto";
export type ContactResponse = {
  readonly joined: boolean;
  readonly waiting: boolean;
  readonly case?: { readonly id: string };
};

/** Prepares a carrier and a notebook maker with the ready-made line of story 3. */
export async function castOf(stage: Stage): Promise<Cast> {
  const [carrier, vendor] = [await stage.party("northtel", "carrier"), await stage.party("quill", "vendor")];
  const company = ({ client, party: name }: typeof carrier) => ({ client, name });
  return retryWhileRefused(() => prepareFourteenDays(company(carrier), company(vendor)));
}

/** Returns the body of a contact about the notebook. */
export const contact = (play: Play, more: Record<string, unknown> = {}) => ({
  carrierCaseId: `NT-${crypto.randomUUID()}`,
  timeline: play.timeline,
  line: play.cast.line,
  kind: "broadband-activation",
  severity: "major",
  title: "No broadband",
  channel: "phone",
  symptom: "no-broadband",
  device: { vendor: play.cast.names.vendor, model: "Notebook Q4" },
  subject: { imei: "490154203237518" },
  ...more,
});

/** Opens a case on a new timeline: on Monday at ten, or at the local time `start`. */
export async function openPlay(stage: Stage, more: object = {}, start = "2026-03-02T10:00"): Promise<Play> {
  const play = await Play.begin(await castOf(stage), start, zone, () => {});
  const { case: one } = await play.cast.carrier.post<ContactResponse>("/v1/contacts", contact(play, { ...more }));
  play.caseId = one?.id ?? "";
  return play;
}

/** A person of the carrier requests the crossing of the case, and the notebook maker accepts the offer. */
export async function crossAndAccept(play: Play): Promise<{ readonly handoffId: string; readonly token: number }> {
  const handoffId = await cross(play);
  const words = { vendorCaseId: "QU-1", nextStep: "look", eta: play.at("2026-04-01T12:00"), tried: "nothing" };
  const engineer = { name: "Noor Haddad", contact: "noor@quill.example" };
  const { token } = await play.accept("broadband", handoffId, engineer, words);
  return { handoffId, token };
}

/** A person of the carrier requests the crossing of the case. Returns the offer. */
export async function cross(play: Play): Promise<string> {
  const { version } = await play.cast.carrier.get<{ version: number }>(play.path);
  await play.carrier("crossings", { asOf: version, reason: "the numbers are right" });
  const [offer] = await play.queue("broadband");
  if (offer === undefined) throw new Error("the case was not offered");
  return offer.handoffId;
}

/** The evidence for a return: the test, its result, and the result that would change the vendor's mind. */
export const evidence = {
  test: "Activation with the carrier's numbers, on a reference notebook",
  result: "The network refuses: MSID unknown",
  wouldChangeOurMind: "An activation code and an MSID from the carrier's provisioning",
};
