import { use } from "react";
import { viewerZone, zoneName } from "../../time/format.ts";
import { Field } from "../../ui/field.tsx";
import { instantIn, localIn } from "../local-time.ts";
import { BoardNow } from "../time-left.tsx";
import { DeskForm, textOf } from "./desk-form.tsx";
import type { DeskFormOf } from "./form-props.ts";
import { readBackOf } from "./read-back.ts";

const engineerKey = "crossline.engineer";
const defaultEtaMs = 7_200_000;

/** Accepts a hand-off: the engineer, the vendor's number, the next step, the ETA and the read-back of the brief. */
export function AcceptForm({ brief, fault, isPending, onSend, onCancel }: DeskFormOf) {
  const now = use(BoardNow);
  const kept = JSON.parse(localStorage.getItem(engineerKey) ?? "{}") as {
    readonly name?: string;
    readonly contact?: string;
  };
  const readBack = readBackOf(brief);
  const { needBy, case: about } = brief;
  const send = (data: FormData): void => {
    const engineer = { name: textOf(data, "name"), contact: textOf(data, "contact") };
    // The next acceptance begins with the same engineer.
    localStorage.setItem(engineerKey, JSON.stringify(engineer));
    onSend({
      engineer,
      vendorCaseId: textOf(data, "vendorCaseId"),
      nextStep: textOf(data, "nextStep"),
      eta: instantIn(textOf(data, "eta") ?? "", viewerZone),
      readBack: {
        problem: textOf(data, "problem"),
        tried: textOf(data, "tried"),
        ...(needBy !== undefined && { needBy }),
      },
      dossierVersion: about.version,
    });
  };
  const eta = localIn(Temporal.Instant.fromEpochMilliseconds(now + defaultEtaMs).toString(), viewerZone);
  return (
    <DeskForm
      title="Accept"
      submit="Accept the case"
      fault={fault}
      isPending={isPending}
      onSend={send}
      onCancel={onCancel}
    >
      <Field label="Engineer" at="/engineer/name" fault={fault}>
        {(field) => (
          <input {...field} name="name" required maxLength={200} defaultValue={kept.name} autoComplete="name" />
        )}
      </Field>
      <Field label="Contact of the engineer" at="/engineer/contact" fault={fault}>
        {(field) => <input {...field} name="contact" required maxLength={254} defaultValue={kept.contact} />}
      </Field>
      <Field label="Your number of the case" at="/vendorCaseId" fault={fault}>
        {(field) => <input {...field} name="vendorCaseId" required maxLength={100} autoComplete="off" />}
      </Field>
      <Field label="Next step" at="/nextStep" fault={fault}>
        {(field) => <input {...field} name="nextStep" required maxLength={1000} />}
      </Field>
      <Field label={`ETA (${zoneName(viewerZone)})`} at="/eta" fault={fault}>
        {(field) => <input {...field} name="eta" type="datetime-local" required defaultValue={eta} />}
      </Field>
      <Field label="The problem, as you read it back" at="/readBack/problem" fault={fault}>
        {(field) => <textarea {...field} name="problem" required maxLength={1000} defaultValue={readBack.problem} />}
      </Field>
      <Field label="Tried so far, as you read it back" at="/readBack/tried" fault={fault}>
        {(field) => <textarea {...field} name="tried" required maxLength={1000} defaultValue={readBack.tried} />}
      </Field>
    </DeskForm>
  );
}
