import { describe, expect, it } from "vitest";

import { Announcer } from "./announcer";

const staff = (text: string) => ({ text, staff: true });
const learner = (text: string) => ({ text, staff: false });

describe("announcer", () => {
  it("speaks at most one line in five seconds", () => {
    const voice = new Announcer("all");
    voice.offer(learner("one"), 0);
    expect(voice.next(0)).toBe("one");
    voice.offer(learner("two"), 1_000);
    expect(voice.next(4_999)).toBeNull();
    expect(voice.next(5_000)).toBe("two");
  });

  it("prefers the lecturer to what was said since", () => {
    const voice = new Announcer("all");
    voice.offer(staff("lecturer"), 0);
    voice.offer(learner("later"), 1);
    expect(voice.next(2)).toBe("lecturer");
    expect(voice.next(9_000)).toBeNull();
  });

  it("leaves learners out by default and is silent when switched off", () => {
    const voice = new Announcer();
    voice.offer(learner("a"), 0);
    expect(voice.next(0)).toBeNull();
    voice.voice = "off";
    voice.offer(staff("b"), 0);
    expect(voice.next(0)).toBeNull();
  });

  it("never speaks a line older than fifteen seconds", () => {
    const voice = new Announcer();
    voice.offer(staff("a"), 0);
    expect(voice.next(15_000)).toBeNull();
  });
});
