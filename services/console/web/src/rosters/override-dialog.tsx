import type { PublishedRoster } from "@crossline/contracts";
import { useQueryClient } from "@tanstack/react-query";
import { send } from "../api/send.ts";
import { zoneName } from "../time/format.ts";
import { FormDialog } from "../ui/form-dialog.tsx";
import type { FormField } from "../ui/form-field.tsx";
import type { RosterWeek } from "./roster-week.ts";
import type { Span } from "./week.ts";

type OverrideDialogProps = {
  readonly week: RosterWeek;
  readonly span: Span;
  readonly onDone: (published: PublishedRoster) => void;
  readonly onClose: () => void;
};

/** Values of choices that are neither the id of a person nor the name of a layer. A choice that is required has no empty value. */
const [noPerson, allLayers] = [" ", "*"];

/** Replaces the person on duty for a time. The command publishes a new version of the roster. */
export function OverrideDialog({ week, span, onDone, onClose }: OverrideDialogProps) {
  const { name, zone, own } = week;
  const client = useQueryClient();
  const zoned = zoneName(zone);
  const fields: readonly FormField[] = [
    {
      kind: "choice",
      name: "person",
      label: "Person on duty",
      required: true,
      initial: own?.people[0]?.id ?? noPerson,
      options: [
        ...(own?.people ?? []).map((person) => [person.id, person.name] as const),
        [noPerson, "No person (a gap)"] as const,
      ],
    },
    { kind: "instant", name: "from", label: `From (${zoned})`, required: true, initial: localText(span.from, zone) },
    { kind: "instant", name: "to", label: `Until (${zoned})`, required: true, initial: localText(span.to, zone) },
    {
      kind: "choice",
      name: "layer",
      label: "Layer",
      required: true,
      initial: allLayers,
      options: [[allLayers, "All layers"], ...(own?.layers ?? []).map((layer) => [layer, layer] as const)],
    },
  ];
  const submit = async (values: Readonly<Record<string, string>>, key: string): Promise<void> => {
    const { person = noPerson, from = "", to = "", layer = allLayers } = values;
    const body = {
      from: instantText(from, zone),
      to: instantText(to, zone),
      person: person === noPerson ? null : person,
      ...(layer !== allLayers && { layer }),
    };
    const published = await send<PublishedRoster>("POST", `/v1/rosters/${name}/overrides`, { body, key });
    // The dialog stays until the picture has the new version.
    await client.invalidateQueries({ queryKey: ["rosters"] });
    onDone(published);
  };
  return (
    <FormDialog
      title={`Override in ${name}`}
      fields={() => fields}
      submitText="Set the override"
      onSubmit={submit}
      onClose={onClose}
    />
  );
}

/** Returns a local time as a field of a form has it. */
function localText(ms: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: "minute" });
}

/** An hour that a clock change skips is the hour after it, as in a published roster. */
function instantText(local: string, zone: string): string {
  return Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant().toString();
}
