import type { Brief, LinkedChange } from "@crossline/contracts";
import { use } from "react";
import { durationText, instantText, viewerZone } from "../../time/format.ts";
import { Instant } from "../../time/instant.tsx";
import { BoardNow } from "../time-left.tsx";

/** Shows the brief of a hand-off: everything that an engineer needs to start. */
export function BriefView({ brief }: { readonly brief: Brief }) {
  const now = use(BoardNow);
  const {
    device,
    symptom,
    hypotheses,
    tried,
    facts,
    notes,
    promises,
    knownErrors = [],
    workarounds = [],
    linkedChanges = [],
    liveHandling,
    needBy,
    incident,
  } = brief;
  const items = brief.owed ?? brief.missing.map((item) => ({ item, from: undefined }));
  return (
    <dl className="brief">
      <Part title="Symptom" rows={[symptom ?? "not named"]} />
      <Part title="Device" rows={device === undefined ? [] : [[device.model, device.os].filter(Boolean).join(", ")]} />
      {liveHandling !== undefined && (
        <Part
          title="With the customer"
          rows={[`${liveHandling.channel}, ${durationText(Math.max(0, now - Date.parse(liveHandling.startedAt)))}`]}
        />
      )}
      {incident !== undefined && <Incident incident={incident} now={now} />}
      {needBy !== undefined && (
        <div>
          <dt>Needed by</dt>
          <dd>
            <Instant at={needBy} now={now} named />
          </dd>
        </div>
      )}
      <Part
        title="Hypotheses"
        rows={hypotheses.map(({ text, by, party }) => `${text} (${by === "customer" ? "the customer" : party})`)}
      />
      <Part title="Tried" rows={tried.map(({ step, party }) => `${step.name}: ${step.outcome} (${party})`)} />
      <Part title="Facts" rows={facts.map(({ fact }) => `${fact.name}: ${fact.value}`)} />
      <Part
        title="Missing"
        rows={items.map(({ item, from }) => (from === undefined ? item : `${item}, from the ${from}`))}
      />
      <Part title="Promises" rows={promises.map((text) => withLocalTime(text, now))} />
      <Part title="Changes" rows={linkedChanges.map((change) => changeText(change, now))} />
      <Part title="Known fixes" rows={knownErrors.map(({ fixCode, cures }) => `${fixCode} (fixed ${cures} times)`)} />
      <Part
        title="Workarounds"
        rows={workarounds.map(({ workaround, fixCode }) =>
          fixCode === undefined ? workaround : `${workaround} (fix code ${fixCode})`,
        )}
      />
      <Part title="Notes" rows={notes.map(({ text, party }) => `${party}: ${text}`)} />
      {brief.omitted > 0 && <Part title="Left out" rows={[`${brief.omitted} older entries. The case has them.`]} />}
      {brief.joint === true && <Part title="Joint case" rows={["No company can return or transfer it."]} />}
    </dl>
  );
}

/** Shows the engineer how many alike cases wait for this one. */
function Incident({ incident, now }: { readonly incident: NonNullable<Brief["incident"]>; readonly now: number }) {
  const { cases, firstOpenedAt, lastOpenedAt } = incident;
  return (
    <div>
      <dt>Leads an incident</dt>
      <dd>
        {cases} alike cases
        {firstOpenedAt !== undefined && (
          <>
            , the first opened <Instant at={firstOpenedAt} now={now} />
          </>
        )}
        {lastOpenedAt !== undefined && (
          <>
            , the last <Instant at={lastOpenedAt} now={now} />
          </>
        )}
      </dd>
    </div>
  );
}

function Part({ title, rows }: { readonly title: string; readonly rows: readonly string[] }) {
  if (rows.length === 0) return null;
  return (
    <div>
      <dt>{title}</dt>
      {rows.map((row, index) => (
        <dd key={index} dir="auto">
          {row}
        </dd>
      ))}
    </div>
  );
}

/** Says which change may be the cause, who announced it, and when it started. */
function changeText({ title, by, startsAt, late }: LinkedChange, now: number): string {
  return `${title}, by ${by} at ${instantText(startsAt, viewerZone, now)}${late ? ", announced late" : ""}`;
}

/** Returns a text of the API with its instants in the zone of the viewer. */
function withLocalTime(text: string, now: number): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) => instantText(at, viewerZone, now));
}
