import "./customer.css";
import type { CustomerView } from "@crossline/contracts";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useWallNow } from "../time/now.ts";
import { Acts } from "./acts.tsx";
import { FaultNote } from "./fault-note.tsx";
import { History } from "./history.tsx";
import { Moment, browserZone, cityOf } from "./moment.tsx";
import { NextAnswer } from "./next-answer.tsx";
import { useToken } from "./token.ts";
import { customerViewQuery, isEndedLink } from "./view.ts";

/** Shows one case to its customer, who has only a link: no account, no navigation and nothing internal. */
export function CustomerScreen() {
  const token = useToken();
  return (
    <main className="customer">
      {token === "" ? (
        <Notice title="This address has no link">
          Open the complete link that your company has sent to you, with all characters after the sign #.
        </Notice>
      ) : (
        <LinkedCase key={token} token={token} />
      )}
    </main>
  );
}

function LinkedCase({ token }: { readonly token: string }) {
  const query = useQuery(customerViewQuery(token));
  const { data, error, refetch } = query;
  const title = data === undefined ? "Your case" : `${data.caseNumber} · ${data.carrier}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  if (data !== undefined) return <CaseView token={token} view={data} query={query} />;
  if (isEndedLink(error)) return <EndedLink />;
  if (error !== null) return <FaultNote fault={error} failed="Your case cannot be read." onRetry={refetch} />;
  return <p aria-busy="true">The case is loading.</p>;
}

function EndedLink() {
  return (
    <Notice title="This link has expired">
      It has expired, or it is not valid. Ask the company that sent it to you for a new one.
    </Notice>
  );
}

function Notice({ title, children }: { readonly title: string; readonly children: string }) {
  return (
    <div className="notice" role="alert">
      <h1>{title}</h1>
      <p>{children}</p>
    </div>
  );
}

type CaseViewProps = {
  readonly token: string;
  readonly view: CustomerView;
  readonly query: UseQueryResult<CustomerView>;
};

function CaseView({ token, view, query }: CaseViewProps) {
  const wall = useWallNow();
  const now = view.stepped ? Date.parse(view.at) : wall;
  const zone = view.zone ?? browserZone;
  const { error, refetch } = query;
  return (
    <>
      <header>
        <p className="muted">
          <bdi>{view.carrier}</bdi> · case <bdi>{view.caseNumber}</bdi>
        </p>
        <h1>
          <bdi>{view.title}</bdi>
        </h1>
      </header>
      {isEndedLink(error) && <EndedLink />}
      {error !== null && !isEndedLink(error) && (
        <FaultNote fault={error} failed="This is the last known state of your case." onRetry={refetch} />
      )}
      <Situation view={view} zone={zone} now={now} />
      <Acts token={token} acts={view.acts} situation={view.situation} onDone={refetch} />
      <History view={view} zone={zone} now={now} />
      <footer className="muted">
        <p>
          As of <Moment at={view.at} zone={zone} now={now} />
          {view.stepped ? ", the time of a test." : ". The screen reads the case again every 30 seconds."}
        </p>
        <p>Times are in the time zone {cityOf(zone)}.</p>
        <p>
          This link works until <Moment at={view.linkExpiresAt} zone={zone} now={now} />. Each person who has it reads
          this case.
        </p>
      </footer>
    </>
  );
}

type SituationProps = { readonly view: CustomerView; readonly zone: string; readonly now: number };

function Situation({ view, zone, now }: SituationProps) {
  const { situation, text, holder, needBy, openedAt, endedAt } = view;
  return (
    <section className={`situation ${situation}`} aria-labelledby="situation">
      <h2 id="situation">
        <bdi>{text}</bdi>
      </h2>
      {holder !== undefined && (
        <p>
          <bdi>{holder.name}</bdi> has it since <Moment at={holder.since} zone={zone} now={now} />.
        </p>
      )}
      <NextAnswer view={view} zone={zone} now={now} />
      <p className="muted">
        Opened <Moment at={openedAt} zone={zone} now={now} />
        {endedAt !== undefined && (
          <>
            {" "}
            · ended <Moment at={endedAt} zone={zone} now={now} />
          </>
        )}
        {needBy !== undefined && (
          <>
            {" "}
            · you need it by <Moment at={needBy} zone={zone} now={now} />
          </>
        )}
      </p>
    </section>
  );
}
