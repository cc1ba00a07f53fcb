/** The learner's first screen. */
import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  { path: "/home", component: () => import("./HomePage.vue"), meta: { title: "nav.home" } },
];
