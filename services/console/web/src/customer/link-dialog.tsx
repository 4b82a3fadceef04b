import type { CustomerLink } from "@crossline/contracts";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "../api/send.ts";
import { Instant } from "../time/instant.tsx";
import { useWallNow } from "../time/now.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";

type LinkDialogProps = { readonly caseId: string; readonly onClose: () => void };

const durations = [
  ["P7D", "7 days"],
  ["P30D", "30 days"],
  ["P90D", "90 days"],
] as const;

/**
 * Makes a link for the customer of a case, and ends all links of the case. Only the carrier of the case can send these commands. A link is
 * shown once, because no server keeps it.
 */
export function LinkDialog({ caseId, onClose }: LinkDialogProps) {
  const [expiresIn, setExpiresIn] = useState<string>("P30D");
  const [zone, setZone] = useState("");
  const path = `/v1/cases/${caseId}/customer-links`;
  const make = useMutation({
    mutationFn: () =>
      send<CustomerLink>("POST", path, { body: { expiresIn, ...(zone.trim() !== "" && { zone: zone.trim() }) } }),
  });
  const end = useMutation({ mutationFn: () => send("DELETE", path), onSuccess: () => make.reset() });
  return (
    <Dialog title="A link for the customer" onClose={onClose}>
      <p>With the link, the customer follows the case without an account. The screen shows nothing internal.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          end.reset();
          if (!make.isPending) make.mutate();
        }}
      >
        <Field label="The link works for" at="/expiresIn" fault={make.error}>
          {(control) => (
            <select {...control} value={expiresIn} onChange={({ target }) => setExpiresIn(target.value)}>
              {durations.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field
          label="Time zone of the customer (optional)"
          at="/zone"
          fault={make.error}
          hint="For example America/Toronto. Without it, the screen has the zone of the customer’s browser."
        >
          {(control) => (
            <input
              {...control}
              value={zone}
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => setZone(target.value)}
            />
          )}
        </Field>
        <p className="actions">
          <button type="submit" aria-disabled={make.isPending}>
            Make a link
          </button>
          <button type="button" onClick={() => end.mutate()}>
            End all links of this case
          </button>
        </p>
      </form>
      <ProblemNote fault={make.error ?? end.error} />
      <div role="status">
        {make.data !== undefined && <MadeLink link={make.data} />}
        {end.isSuccess && <p>All links of this case have ended.</p>}
      </div>
    </Dialog>
  );
}

function MadeLink({ link }: { readonly link: CustomerLink }) {
  const now = useWallNow();
  const address = location.origin + link.path;
  return (
    <>
      <p>
        The link works until <Instant at={link.expiresAt} now={now} named />. Send it to the customer only.
      </p>
      <p>
        <code>{address}</code>
      </p>
      <CopyButton text={address} className="main">
        Copy the link
      </CopyButton>
    </>
  );
}
