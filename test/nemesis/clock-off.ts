/*
 * A module that Node loads before a service (`--import`). The module makes the clock of the process wrong by
 * NEMESIS_CLOCK_OFF_MS milliseconds. The monotonic clock stays right, as on a machine whose time was set wrongly.
 */
const offMs = Number(process.env["NEMESIS_CLOCK_OFF_MS"] ?? 0);
const real = Date.now.bind(Date);
const RealDate = Date;

class WrongDate extends RealDate {
  constructor(...given: readonly unknown[]) {
    super(...((given.length === 0 ? [real() + offMs] : given) as [number]));
  }
  static override now(): number {
    return real() + offMs;
  }
}

globalThis.Date = new Proxy(WrongDate, { apply: () => new WrongDate().toString() }) as unknown as DateConstructor;
const { instant, zonedDateTimeISO } = Temporal.Now;
Object.assign(Temporal.Now, {
  instant: () => instant().add({ milliseconds: offMs }),
  zonedDateTimeISO: (...zone: Parameters<typeof zonedDateTimeISO>) =>
    zonedDateTimeISO(...zone).add({ milliseconds: offMs }),
});
Object.defineProperty(performance, "timeOrigin", { value: performance.timeOrigin + offMs });
