import { useMe } from "../session/session.tsx";
import { viewerZone, zoneName } from "../time/format.ts";
import type { BoardSearch } from "./search.ts";
import { instantIn, localIn } from "./local-time.ts";
import { useChangeSearch } from "./use-change-search.ts";

/** The filters that people use less often. The texts apply when the form is sent. */
export function MoreFilters({ search }: { readonly search: BoardSearch }) {
  const isVendor = useMe().kind === "vendor";
  const change = useChangeSearch(search);
  const { holder, carrier, model, line, dueBefore, resort, breached } = search;
  const count = [holder, carrier, model, line, dueBefore, resort, breached].filter(
    (value) => value !== undefined,
  ).length;
  const apply = (data: FormData): void => {
    const text = (name: string): string | undefined => (data.get(name) as string | null)?.trim() || undefined;
    const local = text("dueBefore");
    change({
      holder: text("holder"),
      carrier: text("carrier"),
      model: text("model"),
      line: text("line"),
      dueBefore: local === undefined ? undefined : instantIn(local, viewerZone),
      resort: data.has("resort") ? true : undefined,
      breached: data.has("breached") ? true : undefined,
    });
  };
  return (
    // The form gets new values when the address changes, for example with the key "back" of the browser.
    <details className="more-filters" key={JSON.stringify(search)}>
      <summary>{count === 0 ? "More filters" : `More filters (${count} chosen)`}</summary>
      <form action={apply}>
        <label>
          Holder, a company <input name="holder" defaultValue={holder} pattern="[a-z0-9\-]+" />
        </label>
        {isVendor && (
          <label>
            Carrier <input name="carrier" defaultValue={carrier} pattern="[a-z0-9\-]+" />
          </label>
        )}
        <label>
          Model <input name="model" defaultValue={model} maxLength={100} />
        </label>
        <label>
          Line <input name="line" defaultValue={line} pattern="[a-z0-9\-]+" />
        </label>
        <label>
          Due before ({zoneName(viewerZone)}){" "}
          <input
            name="dueBefore"
            type="datetime-local"
            defaultValue={dueBefore === undefined ? undefined : localIn(dueBefore, viewerZone)}
          />
        </label>
        <label className="check">
          <input type="checkbox" name="resort" defaultChecked={resort === true} /> The last resort rings now
        </label>
        <label className="check">
          <input type="checkbox" name="breached" defaultChecked={breached === true} /> Breached and not met
        </label>
        <p className="actions">
          <button type="submit">Apply</button>
        </p>
      </form>
    </details>
  );
}
