/** Times in which no client begins anything, as at night. */
export type Silence = {
  readonly isOn: () => boolean;
  /** Waits until clients may ask. */
  readonly whenOver: () => Promise<void>;
  /** Begins a silence, and returns how to end it. What is being asked already is asked to its end. */
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
