import { useRef, useState } from "react";
import { useMe } from "../session/session.tsx";
import { BoardRowsList } from "./board-list.tsx";
import { BulkBar } from "./desk/bulk-bar.tsx";
import { PaneOf } from "./desk/pane-of.tsx";
import { EmptyBoard } from "./empty-board.tsx";
import { ListStatus } from "./list-status.tsx";
import { type BoardSearch, filtersOf } from "./search.ts";
import { type Board, useBoardList } from "./use-board.ts";
import { useBoardArea } from "./use-board-area.ts";
import { useHeldOrder } from "./use-held-order.ts";

type BoardAreaProps = { readonly board: Board; readonly search: BoardSearch };

/** The list of the board with its state, its selection, and the pane of the chosen hand-off. */
export function BoardArea({ board, search }: BoardAreaProps) {
  const { store, scope, canAct } = board;
  const me = useMe();
  const list = useBoardList(store);
  const place = useRef<HTMLDivElement>(null);
  const area = useBoardArea(board, list, search.timeline);
  const [done, setDone] = useState<string>();
  const { pane, selected, select } = area;
  useHeldOrder(store, place);
  return (
    <div className={pane === undefined ? "board-area" : "board-area with-pane"}>
      <div ref={place} className="board-main">
        <ListStatus list={list} done={done} onShow={area.showWaiting}>
          {canAct && <BulkBar store={store} list={list} selected={selected} onSelect={select} />}
        </ListStatus>
        {list.shown.length === 0 && list.isComplete && (
          <EmptyBoard
            scope={scope}
            timeline={search.timeline}
            isFiltered={Object.keys(filtersOf(search)).length > 0}
            onOpened={() => setDone("Opened a case")}
          />
        )}
        {list.shown.length > 0 && (
          <BoardRowsList
            store={store}
            list={list}
            scope={scope}
            own={me.party}
            timeline={search.timeline}
            active={area.active.id}
            selected={canAct ? selected : undefined}
            onPick={area.pick}
            onKey={area.onKey}
            grid={area.grid}
          />
        )}
      </div>
      {pane !== undefined && (
        <PaneOf
          key={`${pane.id} ${pane.intent}`}
          store={store}
          id={pane.id}
          intent={pane.intent}
          calls={{
            onDone: (row, text) => {
              store.expectChange(row.id);
              setDone(text);
            },
            onClose: area.closePane,
          }}
        />
      )}
    </div>
  );
}
