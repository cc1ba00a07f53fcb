/** Typed calls to the API: JSON (or a form with a file) in, JSON out, the CSRF token on all that writes, a refusal instead of an error page. */
import { LineLost, type Problem, Refusal } from "./refusal";

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface Http {
  get<T>(path: string, query?: Query): Promise<T>;
  post<T = void>(path: string, body?: unknown): Promise<T>;
  put<T = void>(path: string, body?: unknown): Promise<T>;
  patch<T = void>(path: string, body?: unknown): Promise<T>;
  remove<T = void>(path: string): Promise<T>;
}

export interface HttpParts {
  fetch: typeof fetch;
  base: string;
  csrf: () => string;
  /** Called when the session has ended behind our back. */
  signedOut?: () => void;
  /** Whether a person asks; what a page asks by itself keeps no sign-in. */
  present?: () => boolean;
  /** Called after each call of a person that the server has answered with what was asked. */
  used?: () => void;
}

export function createHttp(parts: HttpParts): Http {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const used = parts.present?.() ?? true;
    const init = request(method, body, parts.csrf(), used);
    const response = await reach(parts.fetch, parts.base + path, init);
    if (!response.ok) {
      const refusal = await refusalOf(response);
      if (refusal.status === 401 && path !== "/session") parts.signedOut?.();
      throw refusal;
    }
    if (used) parts.used?.();
    const text = await response.text();
    return (text ? JSON.parse(text) : undefined) as T;
  }
  return {
    get: (path, query) => call("GET", path + search(query)),
    post: (path, body) => call("POST", path, body),
    put: (path, body) => call("PUT", path, body),
    patch: (path, body) => call("PATCH", path, body),
    remove: (path) => call("DELETE", path),
  };
}

/** `?a=1&b=2`; what is null, undefined or empty is left out. */
export function search(query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}

function request(method: string, body: unknown, csrf: string, used: boolean): RequestInit {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (!used) headers["X-Background"] = "1";
  if (body === undefined) return { method, headers, credentials: "same-origin" };
  if (body instanceof FormData) return { method, headers, credentials: "same-origin", body };
  headers["Content-Type"] = "application/json";
  return { method, headers, credentials: "same-origin", body: JSON.stringify(body) };
}

async function reach(send: typeof fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await send(url, init);
  } catch {
    throw new LineLost();
  }
}

async function refusalOf(response: Response): Promise<Refusal> {
  const requestId = response.headers.get("X-Request-Id");
  try {
    const problem = (await response.json()) as Problem;
    if (typeof problem.code === "string") return new Refusal(problem, response.status, requestId);
  } catch {
    // A gateway's own page is no problem document; the status below says as much as we know.
  }
  return new Refusal({ code: "server.fault" }, response.status, requestId);
}
