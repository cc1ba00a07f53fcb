// @vitest-environment node
import { expect, it } from "vitest";
import { plainRegulation } from "./plain";

it("keeps the anchors of the articles and needs no script", () => {
  const page = plainRegulation("# 办法\n\n## 第一章 总则\n\n### 第一条 {#art-1}\n\n为了 <培训> & 教育。\n");
  expect(page).toContain("<title>办法</title>");
  expect(page).toContain('<h3 id="art-1">第一条</h3>');
  expect(page).toContain("<p>为了 &lt;培训&gt; &amp; 教育。</p>");
  expect(page).not.toContain("<script");
});
