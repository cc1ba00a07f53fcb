/** Addresses of the forum. */
import type { RouteRecordRaw } from "vue-router";

const meta = { title: "nav.forum", powers: ["forum.read"] };

export const routes: RouteRecordRaw[] = [
  { path: "/forum", component: () => import("./BoardsPage.vue"), meta },
  { path: "/forum/search", component: () => import("./SearchPage.vue"), meta: { ...meta, finds: true } },
  { path: "/forum/:board", component: () => import("./BoardPage.vue"), meta: { ...meta, each: true } },
  {
    path: "/forum/threads/:id",
    component: () => import("./ThreadPage.vue"),
    meta: { ...meta, each: true },
  },
];
