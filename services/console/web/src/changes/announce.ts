import type { Me } from "@crossline/contracts";
import { viewerZone, zoneName } from "../time/format.ts";
import { type FormCommand, given, instantOf } from "../ui/form-command.ts";
import type { FormValues } from "../ui/form-dialog.tsx";
import type { FormField } from "../ui/form-field.tsx";

const identityKinds = [
  ["", "all devices and customers"],
  ["imei", "only these IMEIs"],
  ["msisdn", "only these phone numbers"],
  ["iccid", "only these SIMs (ICCID)"],
  ["customerId", "only these customer ids"],
] as const;

/** The command that announces a change to the companies that it affects. */
export const announce = ({ kind, party }: Pick<Me, "kind" | "party">, timeline: string): FormCommand => ({
  name: "announce",
  text: "Announce a change",
  key: "a",
  submitText: "Announce the change",
  intro: `Each affected company gets the change, and must confirm it. Times are in the zone ${zoneName(viewerZone)}.`,
  fields: (values) => [
    { name: "title", label: "Title", kind: "text", required: true },
    { name: "description", label: "Description", kind: "prose", required: true },
    { name: "startsAt", label: "Starts", kind: "instant", required: true },
    { name: "endsAt", label: "Ends", kind: "instant" },
    { name: "mustDo", label: "Duties of the affected companies", kind: "prose" },
    {
      name: "symptoms",
      label: "Symptoms that it may cause",
      kind: "text",
      help: "With commas, for example: no-signal, no-data. Crossline links cases with these symptoms to the change.",
    },
    ...affectedFields(kind === "vendor" ? party : undefined),
    ...(values["identityKind"]
      ? [
          {
            name: "identities",
            label: "One in each row",
            kind: "prose",
            required: true,
            at: "/affected/identities",
          } as const,
        ]
      : []),
    {
      name: "confirmBy",
      label: "Confirm by",
      kind: "instant",
      help: "Without a time: within 24 hours, or before the start.",
    },
  ],
  requestOf: (values) => ({ path: "/v1/changes", body: { timeline, ...announcementOf(values) } }),
});

function affectedFields(vendor: string | undefined): readonly FormField[] {
  return [
    {
      name: "companies",
      label: "Affected companies",
      kind: "text",
      at: "/affected/companies",
      help: "With commas. Without a name: each company with which you share a case.",
    },
    ...(vendor === undefined
      ? [{ name: "vendor", label: "Only devices of the vendor", kind: "text", at: "/affected/vendor" } as const]
      : []),
    { name: "models", label: "Only these models", kind: "text", at: "/affected/models", help: "With commas." },
    {
      name: "regions",
      label: "Only these regions",
      kind: "text",
      at: "/affected/regions",
      help: "With commas, for example: CA-ON, US.",
    },
    { name: "identityKind", label: "Devices and customers", kind: "choice", options: identityKinds },
  ];
}

/** Returns the body of the announcement without the timeline. */
function announcementOf(values: FormValues): Readonly<Record<string, unknown>> {
  const { title, description, mustDo, startsAt, endsAt, confirmBy, symptoms, companies, vendor, models, regions } =
    values;
  const { identityKind = "", identities = "" } = values;
  const times = { startsAt, endsAt, confirmBy };
  const [named, modelNames, regionNames] = [listed(companies), listed(models), listed(regions)];
  return {
    ...given({ title, description, mustDo }),
    ...given(Object.fromEntries(Object.entries(times).map(([name, local]) => [name, instantOf(local, viewerZone)]))),
    symptoms: listed(symptoms),
    affected: {
      ...given({ vendor }),
      ...(named.length > 0 && { companies: named }),
      ...(modelNames.length > 0 && { models: modelNames }),
      ...(regionNames.length > 0 && { regions: regionNames }),
      ...(identityKind !== "" && { identities: rowsOf(identities).map((value) => ({ [identityKind]: value })) }),
    },
  };
}

function listed(text = ""): readonly string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function rowsOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((row) => row.trim())
    .filter((row) => row !== "");
}
