import { expect, it } from "vitest";
import { decisionNews, sanctionNews } from "./useNews";

it("tells what was decided about one's post, and nothing of one's own doing", () => {
  expect(decisionNews("rejected")).toBe("您的发言未通过");
  expect(decisionNews("published")).toBe("您的发言已通过审核");
  expect(decisionNews("blocked")).toBe("您的发言已退回，请修改后再发表");
  expect(decisionNews("withdrawn")).toBeNull();
});

it("tells of a pause until when and why, and that study goes on", () => {
  const told = sanctionNews("pause", "2026-12-03T02:00:00Z", "多次发布推销内容");
  expect(told).toContain("12 月 3 日 10:00：多次发布推销内容。学习和学时不受影响。");
  expect(sanctionNews("warning", null, "刷屏")).toContain("警告：刷屏");
});
