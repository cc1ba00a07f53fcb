/** The articles of the regulation under their chapters, in order. */
import type { Article } from "@/net/documents";

export function chapters(articles: readonly Article[]): { chapter: string; articles: Article[] }[] {
  const parts: { chapter: string; articles: Article[] }[] = [];
  for (const article of articles) {
    const last = parts[parts.length - 1];
    if (last?.chapter === article.chapter) last.articles.push(article);
    else parts.push({ chapter: article.chapter, articles: [article] });
  }
  return parts;
}
