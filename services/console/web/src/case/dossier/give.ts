import { zoneName } from "../../time/format.ts";
import { type Situation, casePath } from "../commands/command.ts";
import { type FormCommand, type CommandRequest, instantOf } from "../../ui/form-command.ts";

const identities = ["imei", "esn", "iccid", "msisdn"] as const;

/**
 * Returns the command that supplies a missing item. The carrier supplies a field of the case with a correction, and everything else is a fact
 * with the name of the item. Undefined for personal data, which no fact may contain: a contact of the customer supplies it.
 */
export function giveItem(situation: Situation, item: string): FormCommand | undefined {
  const [whole = "", part = ""] = item.split(".");
  const isIdentity = identities.some((name) => name === part);
  const isCarrier = situation.shown.carrier === situation.me.party;
  if (whole === "subject" && !(isIdentity && isCarrier)) return undefined;
  const isNeedBy = item === "need-by";
  return {
    name: `give-${item}`,
    text: `Give ${item}`,
    submitText: "Give it",
    fields: () => [
      isNeedBy
        ? { name: "value", label: `Need-by (time in ${zoneName(situation.zone)})`, kind: "instant", required: true }
        : { name: "value", label: item, kind: "text", required: true, at: "/fact/value" },
    ],
    requestOf: ({ value = "" }) =>
      isCarrier
        ? (correction(situation, item, value) ?? asFact(situation, item, value))
        : asFact(situation, item, value),
  };
}

function asFact(situation: Situation, item: string, value: string): CommandRequest {
  const name = item.replaceAll(".", "-");
  return {
    path: casePath(situation, "entries"),
    body: { kind: "fact", fact: { name, value }, audience: "partners" },
  };
}

function correction(situation: Situation, item: string, value: string): CommandRequest | undefined {
  const { device, subject } = situation.shown;
  const [whole, part = ""] = item.split(".");
  const body = ((): Readonly<Record<string, unknown>> | undefined => {
    if (whole === "device") return { device: { ...device, [part]: value } };
    // A correction replaces all identities of the device, so it repeats the known ones.
    if (whole === "subject") return { subject: { ...knownIdentities(subject), [part]: value } };
    if (item === "symptom") return { symptom: value };
    return item === "need-by" ? { needBy: instantOf(value, situation.zone) } : undefined;
  })();
  if (body === undefined) return undefined;
  return { path: casePath(situation, "corrections"), body: { reason: `The case lacked ${item}.`, ...body } };
}

function knownIdentities(subject: Situation["shown"]["subject"]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    identities.flatMap((name) => {
      const value = subject?.[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
