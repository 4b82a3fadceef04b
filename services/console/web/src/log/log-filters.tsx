import type { LogSearch } from "./search.ts";

type LogFiltersProps = { readonly search: LogSearch; readonly onShow: (search: LogSearch) => void };

/** The filters of the action log. */
export function LogFilters({ search, onShow }: LogFiltersProps) {
  const filter = (data: FormData): void => {
    const value = (name: string): string | undefined => (data.get(name) as string).trim() || undefined;
    const [kind, person, operation] = [value("kind"), value("person"), value("operation")];
    onShow({
      ...(kind !== undefined && { kind: kind as "command" | "read" }),
      ...(person !== undefined && { person }),
      ...(operation !== undefined && { operation }),
    });
  };
  return (
    <form action={filter} className="actions filters">
      <label>
        Kind{" "}
        <select name="kind" defaultValue={search.kind ?? ""}>
          <option value="">commands and reads</option>
          <option value="command">commands</option>
          <option value="read">reads</option>
        </select>
      </label>
      <label>
        Person <input name="person" defaultValue={search.person} maxLength={64} autoComplete="off" />
      </label>
      <label>
        Operation <input name="operation" defaultValue={search.operation} maxLength={200} autoComplete="off" />
      </label>
      <button type="submit">Filter</button>
      <button type="button" className="quiet" onClick={() => onShow({})}>
        Show the last rows
      </button>
    </form>
  );
}
