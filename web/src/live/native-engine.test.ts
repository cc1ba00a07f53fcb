import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LineLost, Refusal } from "@/net/refusal";
import type { Opening } from "./engine";
import { NativeEngine } from "./native-engine";

const URL_ = "/media/live/k/index.m3u8";

/** Media that writes down what it is asked, and what it answers to a look at the index. */
let asked: string[];
let index: number;
let token: string;
let told: string[];
let video: HTMLVideoElement;
let renewal: () => Promise<unknown>;

function opening(change: Partial<Opening> = {}): Opening {
  return {
    url: URL_,
    lowLatency: true,
    from_ms: null,
    token: () => token,
    renew: () => renewal(),
    events: {
      changed: () => undefined,
      stalled: () => undefined,
      gone: (status) => told.push(`gone ${status}`),
    },
    ...change,
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  [asked, told, token, index] = [[], [], "g1", 200];
  renewal = async () => {
    token = "g2";
  };
  video = document.createElement("video");
  vi.stubGlobal("fetch", async (url: URL, init: RequestInit) => {
    const { Authorization } = init.headers as Record<string, string>;
    asked.push(
      `${init.method} ${url.pathname} ${Authorization} ${init.credentials} ${video.getAttribute("src")}`,
    );
    return new Response(null, { status: init.method === "GET" ? index : 204 });
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function failed(): Promise<void> {
  video.dispatchEvent(new Event("error"));
  await vi.advanceTimersByTimeAsync(1);
}

describe("native engine", () => {
  it("lets media know the player before it opens the address, which has no grant in it", async () => {
    await NativeEngine.open(video, opening());
    expect(asked).toEqual(["POST /media/live/k/viewer Bearer g1 include null"]);
    expect([video.getAttribute("src"), video.getAttribute("crossorigin")]).toEqual([URL_, null]);
  });

  it("shows media each new grant", async () => {
    const engine = await NativeEngine.open(video, opening());
    token = "g2";
    engine.renewed();
    expect(asked[1]).toBe(`POST /media/live/k/viewer Bearer g2 include ${URL_}`);
  });

  it("sends its cookie to media at another address, too", async () => {
    await NativeEngine.open(video, opening({ url: `https://media.example.org${URL_}` }));
    expect(video.crossOrigin).toBe("use-credentials");
    expect(asked[0]).toContain("POST /media/live/k/viewer");
  });

  it("opens the stream anew with a new grant after an error that has no reason", async () => {
    await NativeEngine.open(video, opening());
    video.removeAttribute("src");
    await failed();
    expect(asked.slice(1)).toEqual([
      "POST /media/live/k/viewer Bearer g2 include null",
      `GET ${URL_} Bearer g2 include null`,
    ]);
    expect([video.getAttribute("src"), told]).toEqual([URL_, []]);
  });

  it("tells that a class was cut, or that it may be watched no more", async () => {
    await NativeEngine.open(video, opening());
    index = 410;
    await failed();
    renewal = () => Promise.reject(new Refusal({ code: "class.excluded" }, 403));
    await failed();
    expect(told).toEqual(["gone 410", "gone 403"]);
  });

  it("waits for a server or a media process that does not answer", async () => {
    const answer = renewal;
    renewal = () => Promise.reject(new LineLost());
    await NativeEngine.open(video, opening());
    index = 503;
    await failed();
    expect(asked).toHaveLength(1);
    renewal = answer;
    await vi.advanceTimersByTimeAsync(2_000);
    video.removeAttribute("src");
    index = 200;
    await vi.advanceTimersByTimeAsync(2_000);
    expect([video.getAttribute("src"), told]).toEqual([URL_, []]);
  });

  it("asks for nothing more once it is let go", async () => {
    const engine = await NativeEngine.open(video, opening());
    let refuse: (reason: unknown) => void = () => undefined;
    renewal = () =>
      new Promise((_, reject) => {
        refuse = reject;
      });
    await failed();
    engine.destroy();
    refuse(new LineLost());
    await vi.advanceTimersByTimeAsync(10_000);
    expect([asked.length, told]).toEqual([1, []]);
  });
});
