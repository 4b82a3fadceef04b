import { serveRebuild } from "@crossline/chassis";
import type { Http } from "@crossline/service";
import { serveActions } from "./actions.ts";
import { serveBoard } from "./board.ts";
import { serveClockHistory } from "./clock-history.ts";
import { serveCustomerSteps } from "./customer-steps.ts";
import type { RouteDeps } from "./deps.ts";
import { serveIssuerSignIn } from "./issuer-sign-in.ts";
import { serveIssuers } from "./issuers.ts";
import { serveJournal } from "./journal.ts";
import { servePromises } from "./promises.ts";
import { serveScreens } from "./screens.ts";
import { serveSearch } from "./search.ts";
import { serveSessions } from "./sessions.ts";
import { serveSignInLinks } from "./sign-in-links.ts";
import { serveStream } from "./stream.ts";
import { serveViews } from "./views.ts";

/** The tables whose content follows from the topics. The heads of the companies stay, so that the positions of open streams stay valid. The action log is no projection, and stays too. */
const projectedTables = ["fact", "fact_words", "board_case", "board_row", "search_key"];

/** Registers all routes of the console. */
export function serveConsole(http: Http, deps: RouteDeps): void {
  serveRebuild(http, { ...deps, tables: projectedTables });
  serveJournal(http, deps);
  serveClockHistory(http, deps);
  serveCustomerSteps(http, deps);
  serveBoard(http, deps);
  serveSearch(http, deps);
  servePromises(http, deps);
  serveViews(http, deps);
  serveStream(http, deps);
  serveSessions(http, deps);
  serveSignInLinks(http, deps);
  serveScreens(http);
  serveActions(http, deps);
  serveIssuers(http, deps);
  serveIssuerSignIn(http, deps);
}
