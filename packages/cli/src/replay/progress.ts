/** Shows the progress of a long run. Draws a bar on a terminal, and otherwise prints a row every 2 s. */
export function startProgress(
  total: number,
  seen: () => number,
  write: (text: string) => void,
  what = "rows",
): { readonly stop: () => void } {
  const started = performance.now();
  const isTerminal = process.stderr.isTTY;
  const width = 32;
  const draw = (): void => {
    const count = seen();
    const seconds = (performance.now() - started) / 1000;
    const rate = count / Math.max(seconds, 0.001);
    const left = rate > 0 ? Math.ceil((total - count) / rate) : undefined;
    const full = Math.round((count / Math.max(total, 1)) * width);
    const bar = `[${"#".repeat(full)}${".".repeat(width - full)}]`;
    const text = `${bar} ${count} of ${total} ${what}, ${Math.round(rate)}/s, ${left === undefined ? "?" : left} s left`;
    write(isTerminal ? `\r${text}\u001b[K` : `${text}\n`);
  };
  const timer = setInterval(draw, isTerminal ? 200 : 2000);
  return {
    stop: () => {
      clearInterval(timer);
      draw();
      if (isTerminal) write("\n");
    },
  };
}
