import { expect, it, vi } from "vitest";
import { createHttp, search } from "./http";
import { LineLost, Refusal } from "./refusal";

function answering(status: number, body: unknown, headers: Record<string, string> = {}) {
  const calls: { url: string; init: RequestInit }[] = [];
  const fetch = async (url: unknown, init: unknown) => {
    calls.push({ url: String(url), init: init as RequestInit });
    const text = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
    return new Response(text, { status, headers });
  };
  const signedOut = vi.fn();
  const http = createHttp({
    fetch: fetch as typeof globalThis.fetch,
    base: "/api/v1",
    csrf: () => "token",
    signedOut,
  });
  return { http, calls, signedOut, fetch: fetch as typeof globalThis.fetch };
}

it("sends the CSRF token with all that writes and not with what reads", async () => {
  const { http, calls } = answering(200, {});
  await http.get("/hours");
  await http.post("/hours/check");
  expect(calls[0]?.init.headers).not.toHaveProperty("X-CSRF-Token");
  expect(calls[1]?.init.headers).toHaveProperty("X-CSRF-Token", "token");
  expect(calls[1]?.init.body).toBeUndefined();
});

it("says which calls no person has made, and counts only the others as use", async () => {
  const { fetch, calls } = answering(200, {});
  const used = vi.fn();
  let person = true;
  const http = createHttp({ fetch, base: "", csrf: () => "", present: () => person, used });
  await http.get("/desk/items");
  person = false;
  await http.get("/desk/items");
  expect(calls.map(({ init }) => "X-Background" in (init.headers as object))).toEqual([false, true]);
  expect(used).toHaveBeenCalledOnce();
});

it("makes a refusal of a problem, with its basis, its data and the request id", async () => {
  const problem = { code: "power.missing", basis: "art-16", status: 403, data: { role: "sub_centre_admin" } };
  const { http } = answering(403, problem, { "X-Request-Id": "r1" });
  const refused = await http.get("/people").catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Refusal);
  expect(refused).toMatchObject({ code: "power.missing", basis: "art-16", status: 403, requestId: "r1" });
});

it("calls a page that is no problem document our fault", async () => {
  const { http } = answering(502, "<h1>Bad Gateway</h1>");
  await expect(http.get("/hours")).rejects.toMatchObject({ code: "server.fault", status: 502 });
});

it("says that the line is lost when there is no answer at all", async () => {
  const fetch = () => Promise.reject(new TypeError("Failed to fetch"));
  const http = createHttp({ fetch, base: "", csrf: () => "" });
  await expect(http.get("/x")).rejects.toBeInstanceOf(LineLost);
});

it("notices that the session has ended, but not a wrong password", async () => {
  const { http, signedOut } = answering(401, { code: "session.missing" });
  await http.post("/session", {}).catch(() => {});
  expect(signedOut).not.toHaveBeenCalled();
  await http.get("/hours").catch(() => {});
  expect(signedOut).toHaveBeenCalledOnce();
});

it.each([202, 204])("answers nothing where the server has nothing to say (%i)", async (status) => {
  const { http } = answering(status, undefined);
  await expect(http.remove("/session")).resolves.toBeUndefined();
});

it("leaves empty values out of the query", () => {
  expect(search({ unit: "u1", q: "", state: undefined, page: 2 })).toBe("?unit=u1&page=2");
  expect(search()).toBe("");
});
