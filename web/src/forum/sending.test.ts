import { beforeEach, describe, expect, it } from "vitest";
import { LineLost, Refusal } from "@/net/refusal";
import { keyOf, Outbox, type Unsent } from "./outbox";
import { createSending, type SendingParts } from "./sending";
import type { Written } from "./types";

const reply = (draft: string, thread = "t1"): Unsent => ({
  draft,
  thread,
  title: "主题",
  text: `回复 ${draft}`,
  quotes: null,
  pictures: [],
  at: 1,
  refused: null,
});

const written = (post: string) => ({ post, number: 2, state: "published" }) as Written;

/** A server that may be away, may refuse, and knows a draft again. */
class Server {
  answer: (reply: Unsent) => void = () => {};
  asked: string[] = [];
  posts = new Map<string, string>();

  post = async (each: Unsent): Promise<Written> => {
    this.asked.push(each.draft);
    this.posts.set(each.draft, each.text);
    this.answer(each);
    return written(each.draft);
  };
}

let who: string | null;
let server: Server;
let told: string[];
const kept = (account = "a1") => new Outbox(localStorage, keyOf(account)).all();

function window(given: Partial<SendingParts> = {}) {
  return createSending({
    storage: localStorage,
    lease: { take: () => true, giveBack: () => {} },
    account: () => who,
    post: server.post,
    sent: async ({ draft }) => void told.push(`sent ${draft}`),
    refused: ({ draft }) => void told.push(`refused ${draft}`),
    changed: () => {},
    ...given,
  });
}

function refusing(code: string, status: number): () => never {
  return () => {
    throw new Refusal({ code }, status);
  };
}

function away(): never {
  throw new LineLost();
}

beforeEach(() => {
  localStorage.clear();
  [who, server, told] = ["a1", new Server(), []];
});

describe("replies that are kept", () => {
  it("go out in their order once the line is there, of every thread", async () => {
    const here = window();
    server.answer = away;
    here.add(reply("1"));
    await here.flush();
    here.add(reply("2", "t2"));
    await here.flush();
    expect([kept().map(({ draft }) => draft), told]).toEqual([["1", "2"], []]);
    server.answer = () => {};
    await here.flush();
    expect([kept(), told]).toEqual([[], ["sent 1", "sent 2"]]);
    expect([...server.posts.keys()]).toEqual(["1", "2"]);
  });

  it("stay until their page has them, under the name they were sent by", async () => {
    let pageIsThere = false;
    const here = window({ sent: async () => (pageIsThere ? undefined : away()) });
    here.add(reply("1"));
    await here.flush();
    expect(kept().map(({ draft }) => draft)).toEqual(["1"]);
    pageIsThere = true;
    await here.flush();
    expect([kept(), server.asked, server.posts.size]).toEqual([[], ["1", "1"], 1]);
  });

  it("of which one is refused wait for their author with the reason, the others go", async () => {
    const here = window();
    server.answer = ({ draft }) => draft === "1" && refusing("board.closed", 409)();
    here.add(reply("1"));
    here.add(reply("2"));
    await here.flush();
    expect(told).toEqual(["refused 1", "sent 2"]);
    expect(kept().map(({ text, refused }) => [text, refused?.code])).toEqual([["回复 1", "board.closed"]]);
    server.answer = () => {};
    here.retry("1");
    await here.flush();
    expect([kept(), told[2]]).toEqual([[], "sent 1"]);
  });

  it.each([
    ["session.missing", 401],
    ["csrf.missing", 403],
    ["pace.exceeded", 429],
    ["server.fault", 500],
  ])("are not blamed for %s", async (code, status) => {
    const here = window();
    server.answer = refusing(code, status);
    here.add(reply("1"));
    await here.flush();
    expect([kept()[0]?.refused, told]).toEqual([null, []]);
  });
});

describe("another person at the same computer", () => {
  it("neither sees nor sends them", async () => {
    const here = window();
    server.answer = away;
    here.add(reply("1"));
    await here.flush();
    [who, server.answer, server.asked] = ["a2", () => {}, []];
    await here.flush();
    expect([here.all(), server.asked, kept("a1").length]).toEqual([[], [], 1]);
    who = null;
    await here.flush();
    expect([here.all(), server.asked]).toEqual([[], []]);
  });

  it("who signs in between two replies sends not even the second", async () => {
    const here = window();
    server.answer = away;
    here.add(reply("1"));
    here.add(reply("2"));
    await here.flush();
    server.asked = [];
    server.answer = () => {
      who = "a2";
    };
    await here.flush();
    expect([server.asked, kept("a1").map(({ draft }) => draft)]).toEqual([["1"], ["2"]]);
  });
});

describe("two windows", () => {
  it("send one at a time, and what one has sent the other does not send again", async () => {
    let taken = "";
    const lease = (name: string) => ({
      take: () => {
        taken ||= name;
        return taken === name;
      },
      giveBack: () => {
        if (taken === name) taken = "";
      },
    });
    const [here, there] = [window({ lease: lease("here") }), window({ lease: lease("there") })];
    taken = "nobody";
    here.add(reply("1"));
    taken = "";
    await Promise.all([here.flush(), there.flush()]);
    await there.flush();
    expect([server.asked, taken]).toEqual([["1"], ""]);
  });
});
