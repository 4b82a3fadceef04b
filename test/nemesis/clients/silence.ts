/** Periods in which no client starts a request, as at night. */
export type Silence = {
  readonly isOn: () => boolean;
  /** Waits until clients may send requests. */
  readonly whenOver: () => Promise<void>;
  /**
   * Starts a silence and returns the function that ends it. Clients still finish the commands that they have started.
   */
  readonly begin: () => () => void;
};

export function createSilence(): Silence {
  let isOn = false;
  let over = Promise.resolve();
  return {
    isOn: () => isOn,
    whenOver: () => over,
    begin() {
      const { promise, resolve } = Promise.withResolvers<void>();
      over = promise;
      isOn = true;
      return () => {
        isOn = false;
        resolve();
      };
    },
  };
}
