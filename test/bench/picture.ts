import { parse, View } from "vega";
import { type TopLevelSpec, compile } from "vega-lite";
import type { Curve } from "./frame.ts";

/** Draws a curve as SVG. */
export async function draw({ name, x, y, points }: Curve): Promise<string> {
  const axis = (field: "x" | "y", { title, log = false }: Curve["x"]) => ({
    field,
    type: "quantitative" as const,
    title,
    scale: { type: log ? ("log" as const) : ("linear" as const) },
  });
  const spec: TopLevelSpec = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title: name,
    width: 560,
    height: 280,
    background: "white",
    data: { values: [...points] },
    mark: { type: "line", point: true },
    encoding: { x: axis("x", x), y: axis("y", y), color: { field: "series", type: "nominal", title: null } },
  };
  return new View(parse(compile(spec).spec), { renderer: "none" }).toSVG();
}
