/** Addresses that belong to no noun: portal, documents, help. */
import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  {
    path: "/",
    name: "portal",
    component: () => import("./PortalPage.vue"),
    meta: { title: "page.portal", open: true },
  },
];
