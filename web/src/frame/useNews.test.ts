import { expect, it } from "vitest";
import { decisionNews } from "./useNews";

it("tells what was decided about one's post, and nothing of one's own doing", () => {
  expect(decisionNews("rejected")).toBe("您的发言未通过");
  expect(decisionNews("published")).toBe("您的发言已通过审核");
  expect(decisionNews("withdrawn")).toBeNull();
});
