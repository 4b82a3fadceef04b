// @ts-check

/* Signs a person in with the token of a sign-in link, shows who is signed in, and signs the person out. */

const scopeTexts = /** @type {Record<string, string>} */ ({
  read: "read",
  cases: "act on cases and hand-offs",
  setup: "change lines and everything else that your company sets up",
  rosters: "change rosters",
  keys: "manage API keys, sign-in links and sessions",
  log: "read the action log",
});

const main = /** @type {HTMLElement} */ (document.querySelector("main"));

/**
 * Shows a template with these texts, and moves the focus to its heading.
 *
 * @param {string} name
 * @param {Record<string, string>} texts
 * @param {Record<string, () => void>} [actions]
 */
function show(name, texts, actions = {}) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(name));
  const content = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  for (const [field, text] of Object.entries(texts)) {
    const element = content.querySelector(`[data-field="${field}"]`);
    if (element !== null) element.textContent = text;
  }
  for (const [action, onClick] of Object.entries(actions))
    content.querySelector(`[data-action="${action}"]`)?.addEventListener("click", onClick);
  main.replaceChildren(content);
  main.setAttribute("aria-busy", "false");
  const heading = main.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}

/** @param {{ name: string, scopes: string[], session?: { person: string, roles: string[], expiresAt: string } }} me */
function showSignedIn({ name, scopes, session }) {
  const until = new Date(session?.expiresAt ?? 0);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  show(
    "signed-in",
    {
      person: session?.person ?? "",
      company: name,
      roles: session?.roles.join(", ") ?? "",
      scopes: scopes.map((scope) => scopeTexts[scope] ?? scope).join("; "),
      until: `${until.toLocaleString("en-CA", { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" })} (${zone})`,
    },
    { "sign-out": () => void run(signOut) },
  );
}

/**
 * @param {string} title
 * @param {string} detail
 */
function showSignedOut(title, detail) {
  show("signed-out", { title, detail });
  main.querySelector("form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (document.getElementById("company"));
    location.assign(`/v1/session/oidc/${encodeURIComponent(field.value)}?returnTo=/`);
  });
}

/**
 * Sends a request, and returns the status and the JSON of the response.
 *
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
async function send(method, path, body) {
  const response = await fetch(path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  const value = text === "" ? {} : JSON.parse(text);
  if (response.status >= 500 || response.status === 429) throw new Error(value.detail ?? `status ${response.status}`);
  return { status: response.status, value };
}

async function open() {
  const token = /^#sign-in=([\w-]{43})$/.exec(location.hash)?.[1];
  if (token !== undefined) {
    const { status, value } = await send("POST", "/v1/session", { token });
    // The token is used, so neither the history nor a bookmark keeps it.
    history.replaceState(null, "", location.pathname);
    if (status === 201) showSignedIn(value);
    else showSignedOut("This link does not work", value.detail);
    return;
  }
  const { status, value } = await send("GET", "/v1/me");
  if (status === 200) showSignedIn(value);
  else showSignedOut("Sign in", "Open the sign-in link that you received, or sign in at your company.");
}

async function signOut() {
  await send("DELETE", "/v1/session");
  showSignedOut("You are signed out", "Close the window, or sign in again.");
}

/**
 * Runs a step, and shows a fault with a button that runs the step again.
 *
 * @param {() => Promise<void>} step
 */
async function run(step) {
  try {
    await step();
  } catch (error) {
    const detail = error instanceof TypeError ? "The network or the server is not reachable." : String(error);
    show("fault", { detail }, { retry: () => void run(step) });
  }
}

void run(open);
