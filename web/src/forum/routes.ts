/** Addresses of the forum. */
import type { RouteRecordRaw } from "vue-router";

const READ = { powers: ["forum.read"] };

export const routes: RouteRecordRaw[] = [
  { path: "/forum", component: () => import("./BoardsPage.vue"), meta: { title: "nav.forum", ...READ } },
  {
    path: "/forum/:board",
    component: () => import("./BoardPage.vue"),
    meta: { title: "nav.forum", ...READ },
  },
  {
    path: "/forum/threads/:id",
    component: () => import("./ThreadPage.vue"),
    meta: { title: "nav.forum", ...READ },
  },
];
