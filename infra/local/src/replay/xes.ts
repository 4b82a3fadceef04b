import { type SaxesTagPlain, SaxesParser } from "saxes";
import { LogFault } from "./log-fault.ts";
import type { LogRow } from "./log.ts";
import { mapRow } from "./map-row.ts";
import { type Mapping, standardXes } from "./mapping.ts";
import { statusOfEvent } from "./xes-status.ts";

/** What is known of one trace or event: its own attributes, not those that attributes have. */
type Element = { readonly place: string; readonly values: Map<string, string> };

const kinds = new Set(["string", "date", "int", "float", "boolean", "id"]);

/**
 * Reads XES (IEEE 1849) as its text arrives: no more than one trace is held. A trace is a case, an event a row. A mapping
 * names other attributes; each is looked for in the event, then in its trace, the case's number in the trace first.
 */
export async function* readXes(chunks: AsyncIterable<string>, file: string, mapping?: Mapping): AsyncIterable<LogRow> {
  const reader = new XesReader(file, mapping);
  for await (const chunk of chunks) {
    reader.write(chunk);
    yield* reader.take();
  }
  reader.close();
  yield* reader.take();
}

class XesReader {
  readonly #file: string;
  readonly #mapping: Mapping | undefined;
  readonly #parser = new SaxesParser();
  /** The names of the elements that are open, without prefixes. */
  readonly #open: string[] = [];
  #rows: LogRow[] = [];
  #trace: Element | undefined;
  #events: Element[] = [];

  constructor(file: string, mapping: Mapping | undefined) {
    this.#file = file;
    this.#mapping = mapping;
    this.#parser.on("error", (error) => {
      // The parser puts the place before its word.
      throw new LogFault(`${this.#place()}: the XML is malformed, ${error.message.replace(/^[\d:]+ /, "")}`);
    });
    this.#parser.on("opentag", (tag) => this.#begin(tag));
    this.#parser.on("closetag", ({ name }) => this.#end(withoutPrefix(name)));
  }

  write(text: string): void {
    this.#parser.write(text);
  }

  close(): void {
    this.#parser.close();
  }

  /** The rows of the traces that are complete. */
  take(): LogRow[] {
    return this.#rows.splice(0);
  }

  #begin({ name: written, attributes }: SaxesTagPlain): void {
    const name = withoutPrefix(written);
    const parent = this.#open.at(-1);
    if (parent === undefined && name !== "log") this.#fail(`this is no XES, its root is <${name}>`);
    if (name === "trace" && parent === "log") this.#trace = this.#element();
    else if (name === "event") {
      if (parent !== "trace") this.#fail("an event outside of a trace");
      this.#events.push(this.#element());
    } else if (kinds.has(name)) this.#attribute(parent, name, attributes);
    this.#open.push(name);
  }

  #attribute(parent: string | undefined, kind: string, { key, value }: SaxesTagPlain["attributes"]): void {
    const element = parent === "event" ? this.#events.at(-1) : parent === "trace" ? this.#trace : undefined;
    if (element === undefined) return;
    if (key === undefined || value === undefined) this.#fail(`<${kind}> has no ${key === undefined ? "key" : "value"}`);
    else if (element.values.has(key)) this.#fail(`a second ${key} in one ${parent}`);
    else element.values.set(key, value);
  }

  #end(name: string): void {
    this.#open.pop();
    if (name !== "trace" || this.#trace === undefined) return;
    for (const [order, event] of this.#events.entries()) this.#rows.push(this.#row(this.#trace, event, order));
    this.#trace = undefined;
    this.#events = [];
  }

  #row(trace: Element, { place, values }: Element, order: number): LogRow {
    const mapping = this.#mapping ?? standardXes;
    const cell = (name: string) => values.get(name) ?? trace.values.get(name);
    if (this.#mapping !== undefined) {
      return mapRow(cell, mapping, place, { caseId: trace.values.get(mapping.case) || undefined, order });
    }
    // The event has a name of its own: the trace's is the case.
    const caseId = trace.values.get(mapping.case);
    if (caseId === undefined || caseId === "") throw new LogFault(`${trace.place}: the trace has no ${mapping.case}`);
    return mapRow((name) => values.get(name), mapping, place, { caseId, order, status: standardStatus(values, place) });
  }

  #element(): Element {
    return { place: this.#place(), values: new Map() };
  }

  #place(): string {
    return `${this.#file}, line ${this.#parser.line}, column ${this.#parser.column}`;
  }

  #fail(why: string): never {
    throw new LogFault(`${this.#place()}: ${why}`);
  }
}

function standardStatus(values: ReadonlyMap<string, string>, place: string) {
  const [name, transition] = [values.get("concept:name"), values.get("lifecycle:transition")];
  if (name === undefined) throw new LogFault(`${place}: the event has no concept:name`);
  const status = statusOfEvent(name, transition);
  if (status !== undefined) return status;
  throw new LogFault(
    `${place}: nobody knows what the transition "${transition}" means. Say it in a mapping file (status: "lifecycle:transition") and pass it with --mapping FILE.`,
  );
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
