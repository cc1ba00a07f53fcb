import { describe, expect, it } from "vitest";

import { upload } from "./upload";

/** A request that is answered by hand. */
class FakeRequest {
  headers: Record<string, string> = {};
  status = 0;
  responseText = "";
  upload: { onprogress: ((event: { loaded: number; total: number }) => void) | null } = { onprogress: null };
  onloadend: (() => void) | null = null;
  opened: string[] = [];
  open(...what: string[]): void {
    this.opened = what;
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  send = () => undefined;
  answer(status: number, text = ""): void {
    [this.status, this.responseText] = [status, text];
    this.onloadend?.();
  }
}

function sent(): { request: FakeRequest; shares: number[]; done: ReturnType<typeof upload> } {
  const request = new FakeRequest();
  const shares: number[] = [];
  const done = upload(
    "/api/v1/classes/k/prepared",
    new Blob(["x"]),
    "token",
    (share) => shares.push(share),
    request as unknown as XMLHttpRequest,
  );
  return { request, shares, done };
}

describe("upload", () => {
  it("sends the file with its type and the CSRF token and tells how far it is", async () => {
    const { request, shares, done } = sent();
    request.upload.onprogress?.({ loaded: 1, total: 4 });
    request.answer(204);
    expect(request.opened).toEqual(["PUT", "/api/v1/classes/k/prepared"]);
    expect(request.headers).toEqual({ "Content-Type": "video/mp4", "X-CSRF-Token": "token" });
    expect([shares, await done]).toEqual([[0.25], { status: 204, problem: null }]);
  });

  it("tells the server's refusal", async () => {
    const { request, done } = sent();
    request.answer(415, '{"code":"video.unreadable"}');
    expect(await done).toEqual({ status: 415, problem: { code: "video.unreadable" } });
  });

  it("tells a lost line and a gateway's own page as what they are", async () => {
    const lost = sent();
    lost.request.answer(0);
    expect((await lost.done).problem?.code).toBe("line.lost");
    const gateway = sent();
    gateway.request.answer(502, "<html>");
    expect((await gateway.done).problem?.code).toBe("server.fault");
  });
});
