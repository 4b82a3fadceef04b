import { useQuery } from "@tanstack/react-query";
import { Instant } from "../../time/instant.tsx";
import { CasePanel } from "../case-panel.tsx";
import { contactsQuery } from "../queries.ts";
import { useCase } from "../use-case.ts";
import { codeText } from "../words.ts";

/** Shows the contacts between the customer and the companies, the newest first. */
export function ContactsPanel() {
  const { shown, now, zone } = useCase();
  const contacts = useQuery(contactsQuery(shown.id));
  return (
    <CasePanel title="Contacts" query={contacts} aside={<span className="muted">{shown.counts.contacts}</span>}>
      {({ items, isCut }) => (
        <>
          <ul className="entries">
            {items.toReversed().map(({ id, at, direction, channel, content, author, subject }) => (
              <li key={id}>
                <p>
                  <span aria-hidden="true">{direction === "inbound" ? "→" : "←"}</span>{" "}
                  {direction === "inbound" ? "from" : "to"} the customer by {channel}: {codeText(content)}
                  {subject?.name !== undefined && (
                    <>
                      {" "}
                      · <bdi>{subject.name}</bdi>
                    </>
                  )}
                </p>
                <p className="muted">
                  {author.party}
                  {author.person !== undefined && ` (${author.person})`} · <Instant at={at} now={now} zone={zone} />
                </p>
              </li>
            ))}
          </ul>
          {isCut && <p className="muted">The case has more contacts than the screen shows.</p>}
        </>
      )}
    </CasePanel>
  );
}
