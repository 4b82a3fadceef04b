import { type Direction, type Measurement, directionOf, keeps } from "./frame.ts";

/** A result as a build printed it. */
export type PrintedMeasurement = {
  readonly name: string;
  /** The first number in the result, with its unit. Undefined if the result is only a count (`1800 of 1800`). */
  readonly measured?: Amount & { readonly unit: string };
  readonly ratio: Amount;
  /** Undefined for a build that did not print the direction yet. */
  readonly better?: Direction;
};

/**
 * A printed number. `grain` is half a unit of the last digit. The printed and the measured number differ by at most
 * `grain`.
 */
export type Amount = { readonly number: number; readonly grain: number };

/** Formats a result as `name: figure, ratio N.NNx (higher is better, as it must)`. */
export function formatMeasurement(figure: Measurement): string {
  const { name, ratio, value = ratio, must, aim } = figure;
  const reached =
    aim !== undefined && keeps(aim, value)
      ? ", reaches its aim"
      : must === undefined
        ? ""
        : keeps(must, value)
          ? ", as it must"
          : ", MISSES ITS MUST";
  return `${name}: ${figure.figure}, ratio ${ratio.toFixed(2)}x (${directionOf(figure)} is better${reached})`;
}

const line = /^(?<name>.+?): (?<figure>.*), ratio (?<ratio>NaN|-?Infinity|-?[\d.]+)x(?: \((?<note>.*)\))?$/;
/** A result may begin with the name of a reference to which its number is added: `restart + 41 ms`. */
const amount = /^(?:[a-z ]+ \+ )?(?<number>-?[\d,]+(?:\.\d+)?)(?: ?(?<unit>ms|s|µs|B|MiB|%|\/s))(?![\w/])/;

/** Parses a row that this or an earlier build printed. Returns undefined if the row is not a printed result. */
export function parseMeasurement(text: string): PrintedMeasurement | undefined {
  const { name, figure, ratio, note = "" } = line.exec(text)?.groups ?? {};
  if (name === undefined || figure === undefined || ratio === undefined) return undefined;
  const { number, unit } = amount.exec(figure)?.groups ?? {};
  const better = /^(lower|higher) is better/.exec(note)?.[1] as Direction | undefined;
  return {
    name,
    ...(number !== undefined && unit !== undefined && { measured: { ...parseAmount(number), unit } }),
    ratio: parseAmount(ratio),
    ...(better !== undefined && { better }),
  };
}

function parseAmount(printed: string): Amount {
  const digits = printed.split(".")[1]?.length ?? 0;
  return { number: Number(printed.replaceAll(",", "")), grain: 0.5 / 10 ** digits };
}
