import {
  Outlet,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { boardSearch } from "./board/search.ts";
import { caseSearch } from "./case/search.ts";
import { logSearch } from "./log/search.ts";
import { problemSearch } from "./problems/search.ts";
import { reportSearch } from "./reports/search.ts";
import { rosterSearch } from "./rosters/search.ts";
import { NotFound } from "./shell/not-found.tsx";
import { ScreenFault } from "./shell/screen-fault.tsx";
import { Shell } from "./shell/shell.tsx";
import { frameSearch, onlyFitting, timelineIn } from "./shell/timeline-search.ts";
import { SessionGate } from "./session/session.tsx";

/** The timeline that a screen shows. Every screen has it in its address, so a link shows the same to a colleague. */
const root = createRootRoute({ validateSearch: frameSearch, component: Outlet, notFoundComponent: NotFound });

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  component: () => (
    <SessionGate>
      <Shell />
    </SessionGate>
  ),
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  // The token of a sign-in link is in the hash, which the SessionGate reads.
  beforeLoad: () => {
    throw redirect({ to: "/app/board", hash: true, replace: true });
  },
});

const board = createRoute({
  getParentRoute: () => signedIn,
  path: "/app/board",
  validateSearch: onlyFitting(boardSearch),
  component: lazyRouteComponent(() => import("./board/board-screen.tsx"), "BoardScreen"),
});

const oneCase = createRoute({
  getParentRoute: () => signedIn,
  path: "/app/cases/$caseId",
  validateSearch: onlyFitting(caseSearch),
  component: lazyRouteComponent(() => import("./case/case-screen.tsx"), "CaseScreen"),
});

const duty = createRoute({
  getParentRoute: () => signedIn,
  path: "/app/duty",
  validateSearch: onlyFitting(timelineIn),
  component: lazyRouteComponent(() => import("./duty/duty-screen.tsx"), "DutyScreen"),
});

const changes = createRoute({
  getParentRoute: () => signedIn,
  path: "/app/changes",
  validateSearch: onlyFitting(timelineIn),
  component: lazyRouteComponent(() => import("./changes/changes-screen.tsx"), "ChangesScreen"),
});

const oneChange = createRoute({
  getParentRoute: () => signedIn,
  path: "/app/changes/$changeId",
  validateSearch: onlyFitting(timelineIn),
  component: lazyRouteComponent(() => import("./changes/change-screen.tsx"), "ChangeScreen"),
});

const incidents = createRoute({
  getParentRoute: () => signedIn,
  path: "/app/incidents",
  validateSearch: onlyFitting(timelineIn),
  component: lazyRouteComponent(() => import("./incidents/incidents-screen.tsx"), "IncidentsScreen"),
});

const oneIncident = createRoute({
  getParentRoute: () => signedIn,
  path: "/app/incidents/$incidentId",
  validateSearch: onlyFitting(timelineIn),
  component: lazyRouteComponent(() => import("./incidents/incident-screen.tsx"), "IncidentScreen"),
});

const problems = createRoute({
  getParentRoute: () => signedIn,
  path: "/app/problems",
  validateSearch: onlyFitting(problemSearch),
  component: lazyRouteComponent(() => import("./problems/problems-screen.tsx"), "ProblemsScreen"),
});

const oneProblem = createRoute({
  getParentRoute: () => signedIn,
  path: "/app/problems/$problemId",
  validateSearch: onlyFitting(timelineIn),
  component: lazyRouteComponent(() => import("./problems/problem-screen.tsx"), "ProblemScreen"),
});

const rosters = createRoute({
  getParentRoute: () => signedIn,
  path: "/app/rosters",
  validateSearch: onlyFitting(rosterSearch),
  component: lazyRouteComponent(() => import("./rosters/rosters-screen.tsx"), "RostersScreen"),
});

const reports = createRoute({
  getParentRoute: () => signedIn,
  path: "/app/reports",
  validateSearch: onlyFitting(reportSearch),
  component: lazyRouteComponent(() => import("./reports/reports-screen.tsx"), "ReportsScreen"),
});

const operations = createRoute({
  getParentRoute: () => signedIn,
  path: "/app/operations",
  component: lazyRouteComponent(() => import("./operations/operations-screen.tsx"), "OperationsScreen"),
});

const log = createRoute({
  getParentRoute: () => signedIn,
  path: "/app/log",
  validateSearch: onlyFitting(logSearch),
  component: lazyRouteComponent(() => import("./log/log-screen.tsx"), "LogScreen"),
});

/** The screens and their addresses. The customer's screen at `/track` has an entry of its own (customer/main.tsx). */
export const router = createRouter({
  routeTree: root.addChildren([
    signedIn.addChildren([
      home,
      board,
      oneCase,
      duty,
      changes,
      oneChange,
      incidents,
      oneIncident,
      problems,
      oneProblem,
      rosters,
      reports,
      operations,
      log,
    ]),
  ]),
  defaultErrorComponent: ScreenFault,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
