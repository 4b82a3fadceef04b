import { type LoggedAction, actionsEnd, loggedAction } from "@crossline/contracts";
import { actionHash } from "./chain.ts";

/** The first fault of an export file, with the number of its line. */
export type LogFault = { readonly line: number; readonly message: string };

/** The result for a file without faults. */
export type LogSummary = { readonly party: string; readonly rows: number; readonly head: string | undefined };

/** Checks an export file of an action log line by line, so that a file of any length needs little memory. */
export type LogCheck = {
  /** Checks the next line. Returns the first fault of the file, if there is one. */
  readonly line: (text: string) => LogFault | undefined;
  /** Call after the last line. */
  readonly end: () => LogFault | LogSummary;
};

/**
 * Creates the check of one file. In a file without faults, the rows are numbered from 1 without gaps. Each row has the hash of its
 * content and of the row before. The last line names the number of rows and the last hash. A completely forged file can also have
 * no faults, so compare its last hash with the head that Crossline reports.
 */
export function checkLog(): LogCheck {
  let lines = 0;
  let last: LoggedAction | undefined;
  let fault: LogFault | undefined;
  let summary: LogSummary | undefined;
  const faulty = (message: string): LogFault => (fault = { line: lines, message });

  function checkRow(row: LoggedAction): LogFault | undefined {
    const { hash, ...content } = row;
    const number = (last?.number ?? 0) + 1;
    if (row.number !== number) return faulty(`row ${number} is missing: the line has row ${row.number}`);
    if (last !== undefined && row.party !== last.party) return faulty(`row ${number} belongs to ${row.party}`);
    if (hash !== actionHash(last?.hash, content))
      return faulty(`row ${number} does not match its hash: it was changed, or a row before it`);
    last = row;
    return undefined;
  }

  function checkEnd({ end }: ReturnType<typeof actionsEnd.parse>): LogFault | undefined {
    const rows = last?.number ?? 0;
    if (end.rows !== rows || end.head !== last?.hash)
      return faulty(`the end names ${end.rows} rows, and the file has ${rows} rows with another last hash`);
    summary = { party: end.party, rows, head: last?.hash };
    return undefined;
  }

  return {
    line(text) {
      if (fault !== undefined) return fault;
      lines += 1;
      if (summary !== undefined) return faulty("the line follows the end of the log");
      const value = parse(text);
      const row = loggedAction.strict().safeParse(value);
      if (row.success) return checkRow(row.data);
      const end = actionsEnd.safeParse(value);
      return end.success ? checkEnd(end.data) : faulty("the line is no row of an action log");
    },
    end: () => fault ?? summary ?? { line: lines + 1, message: "the file has no end line: its last rows are missing" },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
