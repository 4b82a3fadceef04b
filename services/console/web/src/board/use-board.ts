import type { BoardPage } from "@crossline/contracts";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { isTransient } from "../api/queries.ts";
import { queryOf, read } from "../api/send.ts";
import { type StreamState, useStream } from "../live/use-stream.ts";
import { useMe } from "../session/session.tsx";
import { type BoardEntry } from "./board-rows.ts";
import { type BoardList, BoardStore } from "./board-store.ts";
import { type BoardSearch, boardParameters, filtersOf } from "./search.ts";

/** The scope of a person's board: a vendor sees its hand-offs, a carrier its cases. */
export type BoardScope = "cases" | "handoffs";

/** A board that is loaded page by page and then follows the stream. */
export type Board = {
  readonly store: BoardStore;
  readonly scope: BoardScope;
  /** True for a person of a vendor whose roles allow commands. */
  readonly canAct: boolean;
  /** Whether the console still reads its events, so that rows are missing. */
  readonly asOf: BoardPage["asOf"] | undefined;
  readonly stream: StreamState;
  /** The fault of the last reading. Rows of an earlier reading stay. */
  readonly fault: unknown;
  /** Reads all pages again. */
  readonly reload: () => void;
};

/** A small first page, so that the first rows are shown early. */
const pageRows = { first: 100, next: 500 };
const reloadAfterMs = 5_000;
const retryAfterMs = 1_000;
const countsAfterMs = 2_000;

/** Reads the board of an address, and keeps it live. */
export function useBoard(search: BoardSearch): Board {
  const me = useMe();
  const scope: BoardScope = me.kind === "vendor" ? "handoffs" : "cases";
  const { timeline = "wall", sort = "due" } = search;
  const key = JSON.stringify(search);
  // oxlint-disable-next-line react/exhaustive-deps -- `key` has every value of `search`
  const store = useMemo(() => new BoardStore(filtersOf(search), sort), [key, scope]);
  const [reading, setReading] = useState(0);
  const reload = useCallback(() => setReading((count) => count + 1), []);
  const [after, setAfter] = useState<{ readonly stream: string; readonly position: number }>();
  const [fault, setFault] = useState<unknown>();
  const [asOf, setAsOf] = useState<BoardPage["asOf"]>();
  const name = `${scope} ${timeline}`;
  useEffect(() => {
    const ended = new AbortController();
    let again: number | undefined;
    store.beginReading();
    readPages({ scope, ...boardParameters(search) }, ended.signal, (page, isFirst) => {
      if (isFirst) {
        performance.mark("board.response");
        setAfter((known) => (known?.stream === name ? known : { stream: name, position: page.position }));
        setFault(undefined);
        setAsOf(page.asOf);
        if (page.asOf.state === "rebuilding") again = window.setTimeout(reload, reloadAfterMs);
      }
      store.takePage(page, isFirst);
    }).catch((thrown: unknown) => {
      if (ended.signal.aborted) return;
      setFault(thrown);
      if (isTransient(thrown)) again = window.setTimeout(reload, reloadAfterMs);
    });
    return () => {
      ended.abort();
      window.clearTimeout(again);
      store.stop();
    };
    // oxlint-disable-next-line react/exhaustive-deps -- `key` has every value of `search`
  }, [store, key, reading, name, reload]);
  const refreshCounts = useRefreshCounts();
  const session = me.session?.id ?? me.party;
  const stream = useStream(
    session,
    { scope, timeline },
    after?.stream === name ? after.position : undefined,
    (message) => {
      if (message.kind === "resync") reload();
      else store.receive(message);
      refreshCounts();
    },
  );
  const canAct = scope === "handoffs" && me.scopes.includes("cases");
  return { store, scope, canAct, asOf, stream, fault, reload };
}

/** Returns the list of a board. The component renders again when the list changes. */
export function useBoardList(store: BoardStore): BoardList {
  return useSyncExternalStore(store.subscribe, store.readList);
}

/** Returns one row of a board. The component renders again when the row changes. */
export function useEntry(store: BoardStore, id: string | undefined): BoardEntry | undefined {
  return useSyncExternalStore(store.subscribe, () => (id === undefined ? undefined : store.entryOf(id)));
}

/** Returns a function that reads the counts of the board again, at most every two seconds. */
function useRefreshCounts(): () => void {
  const client = useQueryClient();
  const timer = useRef<number>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return () => {
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      void client.invalidateQueries({ queryKey: ["board-counts"] });
    }, countsAfterMs);
  };
}

async function readPages(
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal,
  take: (page: BoardPage, isFirst: boolean) => void,
): Promise<void> {
  let cursor: string | undefined;
  do {
    const isFirst = cursor === undefined;
    const page = await readPage(
      `/v1/board${queryOf({ ...parameters, limit: isFirst ? pageRows.first : pageRows.next, cursor })}`,
      signal,
      isFirst,
    );
    signal.throwIfAborted();
    take(page, isFirst);
    cursor = page.next;
  } while (cursor !== undefined);
}

/** Reads a page. A page after the first is read again after a fault that can end, because the list would otherwise stay incomplete. */
async function readPage(path: string, signal: AbortSignal, isFirst: boolean): Promise<BoardPage> {
  for (;;) {
    try {
      return await read<BoardPage>(path, signal);
    } catch (fault) {
      if (isFirst || signal.aborted || !isTransient(fault)) throw fault;
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    }
  }
}
