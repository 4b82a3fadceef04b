import type { Me } from "@crossline/contracts";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  Outlet,
  RouterProvider,
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
} from "@tanstack/react-router";
import type { ReactNode } from "react";
import { vi } from "vitest";
import { render } from "vitest-browser-react";
import { SessionGate } from "../src/session/session.tsx";
import "../src/styles/tokens.css";
import "../src/styles/base.css";

/** A person of a carrier with every right. */
export const lead: Me = {
  party: "northtel",
  kind: "carrier",
  name: "Northtel",
  scopes: ["read", "cases", "setup", "keys", "rosters", "log"],
  session: {
    id: "ss_01jnrfh2m4p6r8t0v2x4z6b8d0",
    person: "dm-1",
    roles: ["lead"],
    openedAt: "2026-03-07T09:00:00Z",
    expiresAt: "2026-03-07T21:00:00Z",
  },
};

type StandOptions = {
  readonly Screen: () => ReactNode;
  readonly path: string;
  /** The address with its parameters. Default: the path. */
  readonly address?: string;
  readonly me?: Me;
  /** Returns the JSON of a response, or a Response, for a path with its query. Undefined: 404. */
  readonly respond: (path: string, init: RequestInit | undefined) => unknown;
};

/** Shows one screen with a signed-in person. No request leaves the browser: `respond` gives each response. */
export async function stand({ Screen, path, address = path, me = lead, respond }: StandOptions) {
  vi.stubGlobal("fetch", (url: string, init?: RequestInit) => Promise.resolve(responseTo(url, init, me, respond)));
  const root = createRootRoute({
    component: () => (
      <SessionGate>
        <main>
          <Outlet />
        </main>
      </SessionGate>
    ),
  });
  const screen = createRoute({ getParentRoute: () => root, path, component: Screen });
  const router = createRouter({
    routeTree: root.addChildren([screen]),
    history: createMemoryHistory({ initialEntries: [address] }),
    defaultNotFoundComponent: () => <p>another screen</p>,
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const page = await render(
    <QueryClientProvider client={client}>
      {/* The type of the router is that of the complete screens. */}
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  return { page, client, router };
}

function responseTo(url: string, init: RequestInit | undefined, me: Me, respond: StandOptions["respond"]): Response {
  if (url === "/v1/me") return Response.json(me);
  const body = respond(url, init);
  if (body instanceof Response) return body;
  return body === undefined
    ? Response.json({ title: "The resource does not exist" }, { status: 404 })
    : Response.json(body);
}
