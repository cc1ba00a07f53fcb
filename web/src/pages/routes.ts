/** Addresses that belong to no noun: portal, documents, help. */
import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  { path: "/", component: () => import("./PortalPage.vue"), meta: { title: "page.portal", open: true } },
  {
    path: "/regulation",
    component: () => import("./RegulationPage.vue"),
    meta: { title: "foot.regulation", open: true },
  },
  {
    path: "/policy",
    component: () => import("./PolicyPage.vue"),
    meta: { title: "foot.policy", open: true },
  },
  { path: "/help", component: () => import("./HelpPage.vue"), meta: { title: "foot.help", open: true } },
  {
    path: "/accessibility",
    component: () => import("./AccessibilityPage.vue"),
    meta: { title: "foot.accessibility", open: true },
  },
];
