/** A browser that follows redirects from one address to the next, with the cookies of each address. */
export type Walker = {
  /** Returns the header `Cookie` for an address. */
  readonly cookiesOf: (url: string) => string;
  /** Sends a GET and keeps the cookies of the response. */
  readonly get: (url: string) => Promise<Response>;
  /** Follows redirects until one leads to an address that begins with `until`, and returns this address without a request to it. */
  readonly follow: (url: string, until: string) => Promise<string>;
};

const stepsMax = 12;

/** Returns a browser without cookies, except those that `given` sets at each address. */
export function openWalker(given: Readonly<Record<string, string>> = {}): Walker {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (url: string): Map<string, string> => {
    const { origin } = new URL(url);
    const jar = jars.get(origin) ?? new Map(Object.entries(given));
    jars.set(origin, jar);
    return jar;
  };
  const cookiesOf = (url: string): string => [...jarOf(url)].map(([name, value]) => `${name}=${value}`).join("; ");

  async function get(url: string): Promise<Response> {
    const response = await fetch(url, { redirect: "manual", headers: { cookie: cookiesOf(url) } });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === "" || /Max-Age=0/i.test(cookie)) jarOf(url).delete(name);
      else jarOf(url).set(name, value);
    }
    return response;
  }

  async function follow(url: string, until: string): Promise<string> {
    let at = url;
    for (let step = 0; step < stepsMax; step++) {
      const response = await get(at);
      const location = response.headers.get("location");
      if (location === null) throw new Error(`${at} responds with ${response.status}: ${await response.text()}`);
      at = new URL(location, at).href;
      if (at.startsWith(until)) return at;
    }
    throw new Error(`${stepsMax} redirects do not lead to ${until}`);
  }

  return { cookiesOf, get, follow };
}
