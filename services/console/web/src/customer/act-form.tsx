import type { CustomerAct } from "@crossline/contracts";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useCommand } from "../api/use-command.ts";
import { Field } from "../ui/field.tsx";
import { actTexts } from "./act-texts.ts";
import { FaultNote } from "./fault-note.tsx";
import { type CustomerContact, customerViewQuery, sendAct } from "./view.ts";

const textMax = 2_000;

type ActFormProps = {
  readonly token: string;
  readonly act: CustomerAct;
  readonly text: string;
  /** True if the form gets the focus, because the customer has just opened it. */
  readonly focused: boolean;
  readonly onText: (text: string) => void;
  readonly onDone: () => void;
};

/** Shows the form of one act. A fault stays above the button, and the text stays in the form until the act is recorded. */
export function ActForm({ token, act, text, focused, onText, onDone }: ActFormProps) {
  const client = useQueryClient();
  const send = async (contact: CustomerContact, key: string): Promise<unknown> => {
    try {
      return await sendAct(token, contact, key);
    } catch (fault) {
      // A refusal can mean that the case has changed, so the screen reads it again.
      void client.invalidateQueries({ queryKey: customerViewQuery(token).queryKey });
      throw fault;
    }
  };
  const command = useCommand(send, onDone);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (focused) area.current?.focus();
  }, [focused]);
  const { label, submit, hint } = actTexts[act];
  const isRequired = act !== "works";
  const left = textMax - text.length;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!command.isPending) command.mutate({ act, ...(text.trim() !== "" && { text }) });
      }}
    >
      <Field label={label} at="/text" fault={command.error} hint={hint}>
        {(control) => (
          <textarea
            {...control}
            ref={area}
            dir="auto"
            rows={4}
            maxLength={textMax}
            required={isRequired}
            value={text}
            onChange={({ target }) => onText(target.value)}
          />
        )}
      </Field>
      {left < 200 && <p className="muted">{left} characters left</p>}
      <FaultNote fault={command.error} failed="It was not sent. Your text is still here." />
      <button type="submit" aria-disabled={command.isPending}>
        {command.isPending ? "Sending" : submit}
      </button>
    </form>
  );
}
