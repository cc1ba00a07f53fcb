/** The page of what was found. */
import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  {
    path: "/search",
    component: () => import("./SearchPage.vue"),
    meta: { title: "search.title", finds: true },
  },
];
