import { type SaxesTagPlain, SaxesParser } from "saxes";
import { LogFault } from "./log-fault.ts";
import type { MappedRow } from "./log-row.ts";
import { type Reading, mapRow } from "./map-row.ts";
import { standardXes } from "./mapping.ts";
import type { BuiltInReading } from "./states.ts";
import { statusNamed, statusOfEvent } from "./xes-status.ts";

/** One trace or event with its own attributes, without nested ones. */
type Element = { readonly place: string; readonly values: Map<string, string> };

const kinds = new Set(["string", "date", "int", "float", "boolean", "id"]);
const standardStates = new Set(["concept:name", "lifecycle:transition"]);
const keysShownMax = 50;

/**
 * Reads XES (IEEE 1849) as its text arrives, with at most one trace in memory. Each trace becomes a case, and each
 * event becomes a row. A mapping can replace the standard attributes by others. The reader takes an attribute from the
 * event, or else from the event's trace. The reader takes the number of the case from the trace, or else from the
 * event.
 */
export async function* readXes(
  chunks: AsyncIterable<string>,
  file: string,
  reading: Reading,
): AsyncIterable<MappedRow> {
  const reader = new XesReader(file, reading);
  for await (const chunk of chunks) {
    reader.write(chunk);
    yield* reader.take();
  }
  reader.close();
  yield* reader.take();
}

class XesReader {
  readonly #file: string;
  readonly #reading: Reading;
  /** The names of the attributes of traces and events. */
  readonly #keys = new Set<string>();
  readonly #parser = new SaxesParser();
  /** The names of the open XML elements, without their namespace prefixes. */
  readonly #open: string[] = [];
  #rows: MappedRow[] = [];
  #trace: Element | undefined;
  #events: Element[] = [];

  constructor(file: string, reading: Reading) {
    this.#file = file;
    this.#reading = reading;
    this.#parser.on("error", (error) => {
      // The parser's message begins with the row and the column. This code removes the row and the column, because the
      // fault already names the place.
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
    this.#checkKeys();
  }

  /** Returns the rows of complete traces, and forgets them. */
  take(): MappedRow[] {
    return this.#rows.splice(0);
  }

  #begin({ name: qualifiedName, attributes }: SaxesTagPlain): void {
    const name = withoutPrefix(qualifiedName);
    const parent = this.#open.at(-1);
    if (parent === undefined && name !== "log") this.#fail(`this is not XES: its root is <${name}>`);
    if (name === "trace" && parent === "log") this.#trace = this.#element();
    else if (name === "event") {
      if (parent !== "trace") this.#fail("this event is outside of a trace");
      this.#events.push(this.#element());
    } else if (kinds.has(name)) this.#attribute(parent, name, attributes);
    this.#open.push(name);
  }

  #attribute(parent: string | undefined, kind: string, { key, value }: SaxesTagPlain["attributes"]): void {
    const element = parent === "event" ? this.#events.at(-1) : parent === "trace" ? this.#trace : undefined;
    if (element === undefined) return;
    if (key === undefined || value === undefined) this.#fail(`<${kind}> has no ${key === undefined ? "key" : "value"}`);
    else if (element.values.has(key)) this.#fail(`this ${parent} has two attributes ${key}`);
    else {
      element.values.set(key, value);
      this.#keys.add(key);
    }
  }

  #end(name: string): void {
    this.#open.pop();
    if (name !== "trace" || this.#trace === undefined) return;
    for (const [order, event] of this.#events.entries()) {
      const row = this.#row(this.#trace, event, order);
      if (row !== undefined) this.#rows.push(row);
    }
    this.#trace = undefined;
    this.#events = [];
  }

  #row(trace: Element, { place, values }: Element, order: number): MappedRow | undefined {
    const { mapping } = this.#reading;
    const caseId = trace.values.get(mapping.case) || undefined;
    const builtIn = (word: string) => readBuiltIn(values, mapping.status, word);
    if (mapping !== standardXes) {
      const cell = (name: string) => values.get(name) ?? trace.values.get(name);
      return mapRow(cell, this.#reading, place, { caseId, order, builtIn });
    }
    // The concept:name of a trace is the case number, so it must not replace a missing concept:name of an event.
    if (caseId === undefined) throw new LogFault(`${trace.place}: the trace has no ${mapping.case}`);
    if (!values.has("concept:name")) throw new LogFault(`${place}: the event has no concept:name`);
    return mapRow((name) => values.get(name), this.#reading, place, { caseId, order, builtIn });
  }

  /** Throws a LogFault if the mapping names an attribute that no event and no trace has. */
  #checkKeys(): void {
    const { mapping } = this.#reading;
    if (mapping === standardXes || this.#keys.size === 0) return;
    const named = [mapping.order, mapping.person, mapping.holder, ...mapping.fields];
    const absent = [...new Set(named)].filter((name) => name !== undefined && !this.#keys.has(name));
    if (absent.length === 0) return;
    const has = [...this.#keys].slice(0, keysShownMax).join(", ");
    throw new LogFault(
      `${this.#file} has no attribute ${absent.map((name) => `"${name}"`).join(", ")} in any event or trace; it has ${has}.`,
    );
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

/** Reads the state from `concept:name` and `lifecycle:transition` together, or from any other attribute alone. */
function readBuiltIn(values: ReadonlyMap<string, string>, column: string, word: string): BuiltInReading {
  if (!standardStates.has(column)) return { named: statusNamed(word) };
  return statusOfEvent(values.get("concept:name") ?? "", values.get("lifecycle:transition"));
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
