import { useQueryClient } from "@tanstack/react-query";
import { send } from "../api/send.ts";
import { useCommand } from "../api/use-command.ts";
import { useMe } from "../session/session.tsx";
import { useShortcuts } from "../shell/shortcuts.ts";
import { ProblemNote } from "../ui/problem-note.tsx";
import { changesKey } from "./queries.ts";

/** Confirms, as the person who is signed in, that the company knows the change. */
export function ConfirmButton({ id }: { readonly id: string }) {
  const { session } = useMe();
  const client = useQueryClient();
  const confirm = useCommand(async ({ person }: { readonly person: string | undefined }, key) => {
    await send("POST", `/v1/changes/${id}/receipt`, { body: { person }, key });
    await client.invalidateQueries({ queryKey: changesKey });
    // The button is gone then.
    document.querySelector("main")?.focus({ preventScroll: true });
  });
  const run = (): void => void (confirm.isPending || confirm.mutate({ person: session?.person }));
  useShortcuts([{ keys: "c", text: "Confirm the change", run }]);
  return (
    <>
      <button type="button" className="main" aria-keyshortcuts="c" aria-disabled={confirm.isPending} onClick={run}>
        {confirm.isPending ? "Sending" : "Confirm"} <kbd>c</kbd>
      </button>
      <ProblemNote fault={confirm.error} />
    </>
  );
}
