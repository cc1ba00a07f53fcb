/** Addresses of the moderation desk (Art. 12; rules §7). */
import type { RouteRecordRaw } from "vue-router";

const SEE = { powers: ["desk.see"], desk: true };

export const routes: RouteRecordRaw[] = [
  { path: "/desk", component: () => import("./DeskPage.vue"), meta: { title: "desk.queue", ...SEE } },
  {
    path: "/desk/items/:id",
    component: () => import("./DeskPage.vue"),
    meta: { title: "desk.queue", ...SEE },
  },
  {
    path: "/desk/reviews",
    component: () => import("./ReviewsPage.vue"),
    meta: { title: "desk.reviews", ...SEE },
  },
  {
    path: "/desk/sanctions",
    component: () => import("./SanctionsPage.vue"),
    meta: { title: "desk.sanctions", ...SEE },
  },
  {
    path: "/desk/live",
    component: () => import("./LivePage.vue"),
    meta: { title: "desk.live", powers: ["live.cut"], desk: true },
  },
];
