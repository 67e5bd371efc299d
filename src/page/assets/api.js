// The one place that talks to the server. The token came with the opened address, in its fragment, which browsers never
// send; it stays in this tab.

const kTokenName = "fix502-token";

/** What went wrong, in the words of a problem document (RFC 9457); `status` 0: no answer at all. */
export class Problem extends Error {
  constructor(status, document) {
    super(document?.detail || document?.title || "");
    this.status = status;
    this.type = document?.type ?? "about:blank";
  }
}

const token = () => sessionStorage.getItem(kTokenName) ?? "";
export const hasToken = () => token() !== "";
export const keepToken = (text) => sessionStorage.setItem(kTokenName, text);

/** Takes the token, or the key that is good for one, out of the address. */
export async function takeToken() {
  const opened = new URLSearchParams(location.hash.slice(1));
  if (!opened.has("token") && !opened.has("key")) return;
  history.replaceState(null, "", location.pathname + location.search);
  if (opened.has("token")) return keepToken(opened.get("token"));
  keepToken((await ask("POST", "/api/session", { key: opened.get("key") })).token);
}

async function send(method, path, body) {
  const headers = { Accept: "application/json" };
  if (hasToken()) headers.Authorization = `Bearer ${token()}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Problem(0);
  }
  if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => null));
  return answer;
}

/** An answer's JSON; null where there is none. Throws a Problem. */
export async function ask(method, path, body) {
  const answer = await send(method, path, body);
  return answer.status === 204 ? null : answer.json();
}

/** An answer as it is, to be saved. */
export const download = async (path) => (await send("GET", path)).blob();
export const readText = async (path) => (await send("GET", path)).text();

const kTries = 3; // to take a broken stream up again

/**
 * Listens to an event stream until its `end`. `on` has a function for each kind of event; the browser itself takes a
 * broken stream up again where it was, and on.error() is called when that fails. Returns what ends the listening.
 */
export function listen(path, on) {
  const source = new EventSource(`${path}?access_token=${encodeURIComponent(token())}`);
  let broken = 0;
  source.addEventListener("open", () => (broken = 0));
  source.addEventListener("error", () => {
    broken += 1;
    if (source.readyState !== EventSource.CLOSED && broken < kTries) return;
    source.close();
    on.error(new Problem(0));
  });
  for (const [kind, take] of Object.entries(on)) {
    if (kind === "error") continue;
    source.addEventListener(kind, (event) => {
      if (kind === "end") source.close();
      take(JSON.parse(event.data));
    });
  }
  return () => source.close();
}
