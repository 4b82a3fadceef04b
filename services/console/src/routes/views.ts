import {
  type Refusal,
  type SaveViewRequest,
  type SavedView,
  formatInstant,
  refusal,
  saveViewRequest,
  savedView,
  savedViewList,
  viewParams,
} from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { type Http, authenticated, callerOf, isRefusal, refuse, send } from "@crossline/service";
import {
  type SavedViewRow,
  countOtherViews,
  deleteView,
  findView,
  listViews,
  lockViews,
  saveView,
} from "../store/saved-views.ts";
import type { RouteDeps } from "./deps.ts";

const viewsMax = 100;
const noSuchView = refusal("not_found", "Your company has no view with this name.");

/** Registers `/v1/views`: the saved views of a board, which all people of a company share. */
export function serveViews(http: Http, { database, authenticate }: RouteDeps): void {
  const onRequest = authenticated(authenticate, ["carrier", "vendor"]);
  http.get(
    "/v1/views",
    {
      onRequest,
      schema: {
        operationId: "listViews",
        summary: "List the saved views of your company",
        tags: ["console"],
        response: { 200: savedViewList },
      },
    },
    async (request, reply) =>
      send(reply, 200, { items: (await listViews(database, callerOf(request).party)).map(present) }),
  );
  http.get(
    "/v1/views/:name",
    {
      onRequest,
      schema: {
        operationId: "readView",
        summary: "Read a saved view",
        tags: ["console"],
        params: viewParams,
        response: { 200: savedView },
      },
    },
    async (request, reply) => {
      const view = await findView(database, callerOf(request).party, request.params.name);
      return send(reply, 200, view === undefined ? noSuchView : present(view));
    },
  );
  serveViewChanges(http, database, onRequest);
}

function serveViewChanges(http: Http, database: Database, onRequest: ReturnType<typeof authenticated>): void {
  http.put(
    "/v1/views/:name",
    {
      onRequest,
      schema: {
        operationId: "saveView",
        summary: "Save a view of the board under a name, for all people of your company",
        tags: ["console"],
        refuses: ["limit_reached"],
        params: viewParams,
        body: saveViewRequest,
        response: { 200: savedView },
      },
    },
    async (request, reply) => {
      const { party } = callerOf(request);
      const view = { name: request.params.name, query: parametersOf(request.body.query) };
      const saved = await database.transaction(async (tx): Promise<SavedViewRow | Refusal> => {
        await lockViews(tx, party);
        if ((await countOtherViews(tx, party, view.name)) >= viewsMax)
          return refusal("limit_reached", `A company can save at most ${viewsMax} views.`);
        return saveView(tx, party, view);
      });
      return send(reply, 200, isRefusal(saved) ? saved : present(saved));
    },
  );
  http.delete(
    "/v1/views/:name",
    {
      onRequest,
      schema: {
        operationId: "deleteView",
        summary: "Delete a saved view",
        tags: ["console"],
        params: viewParams,
      },
    },
    async (request, reply) => {
      const isDeleted = await deleteView(database, callerOf(request).party, request.params.name);
      return isDeleted ? reply.code(204).send() : refuse(reply, noSuchView);
    },
  );
}

/** Returns the parameters in the form that the query of a board has. Lists have commas. */
function parametersOf(query: SaveViewRequest["query"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

function present({ name, query, savedAt }: SavedViewRow): SavedView {
  return { name, query, savedAt: formatInstant(savedAt) };
}
