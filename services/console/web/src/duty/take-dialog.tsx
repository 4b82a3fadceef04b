import { send } from "../api/send.ts";
import { useCommand } from "../api/use-command.ts";
import { useMe } from "../session/session.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import type { DutyCase } from "./queries.ts";

/** The person who answers to the other companies for a taken case. */
export type Engineer = { readonly name: string; readonly contact: string };

type TakeDialogProps = {
  readonly row: DutyCase;
  /** The engineer of the last case that this person took. */
  readonly engineer: Engineer | undefined;
  readonly onTaken: (engineer: Engineer) => void;
  readonly onClose: () => void;
};

/** Takes a case for which the last resort rings. The calls end when Crossline has recorded the take. */
export function TakeDialog({ row, engineer, onTaken, onClose }: TakeDialogProps) {
  const { session } = useMe();
  const take = useCommand(
    (named: Engineer, key) =>
      send("POST", `/v1/cases/${row.id}/take`, { body: { person: session?.person, engineer: named }, key }),
    (_, named) => onTaken(named),
  );
  const submit = (event: React.SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    take.mutate({ name: form.get("name") as string, contact: form.get("contact") as string });
  };
  return (
    <Dialog title="Take the case" onClose={onClose}>
      <p>
        <bdi>{row.title ?? "No title"}</bdi> <span className="number">{row.number}</span>. The calls end, and you answer
        for the case.
      </p>
      <ProblemNote fault={take.error} />
      <form onSubmit={submit}>
        <Field label="Name" at="/engineer/name" fault={take.error}>
          {(control) => (
            <input
              {...control}
              name="name"
              required
              maxLength={200}
              autoComplete="name"
              defaultValue={engineer?.name}
            />
          )}
        </Field>
        <Field label="Phone number or mail address" at="/engineer/contact" fault={take.error}>
          {(control) => <input {...control} name="contact" required maxLength={254} defaultValue={engineer?.contact} />}
        </Field>
        <p className="actions">
          <button type="submit" disabled={take.isPending}>
            Take the case
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  );
}
