import type { ReturnCode, TransferCode } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { queryOf, read } from "../../api/send.ts";
import { Field } from "../../ui/field.tsx";
import { CodeOptions, DeskForm, textOf } from "./desk-form.tsx";
import type { DeskFormOf } from "./form-props.ts";

const returnCodes: readonly ReturnCode[] = [
  "not-our-fault",
  "bad-data",
  "missing-information",
  "cannot-reproduce",
  "belongs-to-carrier",
  "belongs-to-third-party",
];
const transferCodes: readonly TransferCode[] = ["wrong-team", "wrong-vendor", "needs-specialist", "component-of-other"];

/** Reports the fix of a case. */
export function SolveForm({ brief, fault, isPending, onSend, onCancel }: DeskFormOf) {
  const send = (data: FormData): void => {
    const [rootCause, note] = [textOf(data, "rootCause"), textOf(data, "note")];
    onSend({
      fixCode: textOf(data, "fixCode"),
      ...(rootCause !== undefined && { rootCause }),
      ...(note !== undefined && { note }),
    });
  };
  return (
    <DeskForm
      title="Solve"
      submit="Report the fix"
      fault={fault}
      isPending={isPending}
      onSend={send}
      onCancel={onCancel}
    >
      <Field label="Fix code" at="/fixCode" fault={fault} hint="Lower-case letters, digits and hyphens">
        {(field) => (
          <input {...field} name="fixCode" required list="fix-codes" pattern="[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?" />
        )}
      </Field>
      <datalist id="fix-codes">
        {(brief.knownErrors ?? []).map(({ fixCode }) => (
          <option key={fixCode}>{fixCode}</option>
        ))}
      </datalist>
      <Field label={brief.joint === true ? "Root cause" : "Root cause, if it is known"} at="/rootCause" fault={fault}>
        {(field) => <textarea {...field} name="rootCause" required={brief.joint === true} maxLength={1000} />}
      </Field>
      <Field label="Note" at="/note" fault={fault}>
        {(field) => <textarea {...field} name="note" maxLength={1000} />}
      </Field>
    </DeskForm>
  );
}

/** Returns the case to the carrier, with evidence. */
export function ReturnForm({ fault, isPending, onSend, onCancel }: DeskFormOf) {
  const send = (data: FormData): void => {
    const note = textOf(data, "note");
    onSend({ code: textOf(data, "code"), ...evidenceIn(data), ...(note !== undefined && { note }) });
  };
  return (
    <DeskForm
      title="Return"
      submit="Return the case"
      fault={fault}
      isPending={isPending}
      onSend={send}
      onCancel={onCancel}
    >
      <Field label="Reason" at="/code" fault={fault}>
        {(field) => (
          <select {...field} name="code">
            <CodeOptions codes={returnCodes} />
          </select>
        )}
      </Field>
      <EvidenceFields fault={fault} />
      <Field label="Note" at="/note" fault={fault}>
        {(field) => <textarea {...field} name="note" maxLength={1000} />}
      </Field>
    </DeskForm>
  );
}

/** Transfers the case to another queue. A vendor that had accepted the case before needs evidence. */
export function TransferForm({ handoff, fault, isPending, onSend, onCancel }: DeskFormOf) {
  const { queue, timeline } = handoff;
  const { data } = useQuery({
    queryKey: ["queues", timeline],
    queryFn: ({ signal }) =>
      read<{ readonly items: readonly { readonly queue: string }[] }>(`/v1/queues${queryOf({ timeline })}`, signal),
  });
  const send = (form: FormData): void => {
    const note = textOf(form, "note");
    const fields = { code: textOf(form, "code"), to: textOf(form, "to"), ...evidenceIn(form) };
    onSend({ ...fields, ...(note !== undefined && { note }) });
  };
  return (
    <DeskForm
      title="Transfer"
      submit="Transfer the case"
      fault={fault}
      isPending={isPending}
      onSend={send}
      onCancel={onCancel}
    >
      <Field
        label="Queue"
        at="/to"
        fault={fault}
        hint="One of your queues, or a queue of another vendor, as vendor.team"
      >
        {(field) => (
          <input
            {...field}
            name="to"
            required
            list="open-queues"
            pattern="[a-z0-9\-]+\.[a-z0-9\-]+"
            autoComplete="off"
          />
        )}
      </Field>
      <datalist id="open-queues">
        {(data?.items ?? [])
          .filter((item) => item.queue !== queue)
          .map((item) => (
            <option key={item.queue}>{item.queue}</option>
          ))}
      </datalist>
      <Field label="Reason" at="/code" fault={fault}>
        {(field) => (
          <select {...field} name="code">
            <CodeOptions codes={transferCodes} />
          </select>
        )}
      </Field>
      <details>
        <summary>Evidence, for a vendor that had accepted the case before</summary>
        <EvidenceFields fault={fault} isOptional />
      </details>
      <Field label="Note" at="/note" fault={fault}>
        {(field) => <textarea {...field} name="note" maxLength={1000} />}
      </Field>
    </DeskForm>
  );
}

function EvidenceFields({ fault, isOptional = false }: { readonly fault: unknown; readonly isOptional?: boolean }) {
  const rows = [
    ["test", "Your test"],
    ["result", "Its result"],
    ["wouldChangeOurMind", "The result that would change your mind"],
  ] as const;
  return rows.map(([name, label]) => (
    <Field key={name} label={label} at={`/evidence/${name}`} fault={fault}>
      {(field) => <textarea {...field} name={name} required={!isOptional} maxLength={1000} />}
    </Field>
  ));
}

function evidenceIn(data: FormData): { readonly evidence?: object } {
  const evidence = { test: textOf(data, "test"), result: textOf(data, "result") };
  const wouldChangeOurMind = textOf(data, "wouldChangeOurMind");
  const isGiven = [...Object.values(evidence), wouldChangeOurMind].some((text) => text !== undefined);
  return isGiven ? { evidence: { ...evidence, wouldChangeOurMind } } : {};
}
