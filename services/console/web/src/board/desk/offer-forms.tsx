import type { InformationCode, RejectCode } from "@crossline/contracts";
import { Field } from "../../ui/field.tsx";
import { CodeOptions, DeskForm, textOf } from "./desk-form.tsx";
import type { DeskFormOf } from "./form-props.ts";

const informationCodes: readonly InformationCode[] = [
  "missing-item",
  "unclear-symptom",
  "needs-log",
  "needs-test",
  "needs-customer",
];
const rejectCodes: readonly RejectCode[] = [
  "not-our-device",
  "not-our-fault",
  "missing-information",
  "no-capacity",
  "duplicate",
];

/** Asks the carrier a question. The vendor's clock is paused until the response. */
export function QuestionForm({ brief, fault, isPending, onSend, onCancel }: DeskFormOf) {
  const items = [...new Set([...(brief.owed ?? []).map(({ item }) => item), ...brief.missing])];
  const send = (data: FormData): void => {
    const question = textOf(data, "question");
    onSend({
      code: textOf(data, "code"),
      items: data.getAll("items"),
      ...(question !== undefined && { question }),
    });
  };
  return (
    <DeskForm title="Ask a question" submit="Ask" fault={fault} isPending={isPending} onSend={send} onCancel={onCancel}>
      <Field label="Reason" at="/code" fault={fault}>
        {(field) => (
          <select {...field} name="code" defaultValue={items.length > 0 ? "missing-item" : "unclear-symptom"}>
            <CodeOptions codes={informationCodes} />
          </select>
        )}
      </Field>
      {items.length > 0 && (
        <fieldset>
          <legend>Missing items</legend>
          {items.map((item) => (
            <label key={item} className="check">
              <input type="checkbox" name="items" value={item} defaultChecked /> {item}
            </label>
          ))}
        </fieldset>
      )}
      <Field label="Question" at="/question" fault={fault}>
        {(field) => <textarea {...field} name="question" required={items.length === 0} maxLength={1000} />}
      </Field>
    </DeskForm>
  );
}

/** Rejects the offer. The next line step of the carrier follows. */
export function RejectForm({ fault, isPending, onSend, onCancel }: DeskFormOf) {
  const send = (data: FormData): void => {
    const note = textOf(data, "note");
    onSend({ code: textOf(data, "code"), ...(note !== undefined && { note }) });
  };
  return (
    <DeskForm
      title="Reject"
      submit="Reject the offer"
      fault={fault}
      isPending={isPending}
      onSend={send}
      onCancel={onCancel}
    >
      <Field label="Reason" at="/code" fault={fault}>
        {(field) => (
          <select {...field} name="code">
            <CodeOptions codes={rejectCodes} />
          </select>
        )}
      </Field>
      <Field label="Note" at="/note" fault={fault}>
        {(field) => <textarea {...field} name="note" maxLength={1000} />}
      </Field>
    </DeskForm>
  );
}
