/** Addresses of live classes: for learners `/live…`, for lecturers and assistants `/teach…`. */
import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  { path: "/live", component: () => import("./ClassesPage.vue"), meta: { title: "live.list.title" } },
  { path: "/live/:id", component: () => import("./ClassPage.vue"), meta: { title: "live.one.title" } },
  {
    path: "/live/:id/room",
    component: () => import("./RoomPage.vue"),
    meta: { title: "live.room.title", bare: true },
  },
  {
    path: "/live/:id/replay",
    component: () => import("./ReplayPage.vue"),
    meta: { title: "live.replay.title", bare: true },
  },
  { path: "/teach", component: () => import("./MyClassesPage.vue"), meta: { title: "live.teach.title" } },
  {
    path: "/teach/live/new",
    component: () => import("./PlanPage.vue"),
    meta: { title: "live.plan.title_new", powers: ["live.plan"] },
  },
  {
    path: "/teach/live/:id/edit",
    component: () => import("./PlanPage.vue"),
    meta: { title: "live.plan.title_edit" },
  },
  {
    path: "/teach/live/:id/prepare",
    component: () => import("./PreparePage.vue"),
    meta: { title: "live.prepare.title" },
  },
  {
    path: "/teach/live/:id/studio",
    component: () => import("./StudioPage.vue"),
    meta: { title: "live.studio.title", bare: true },
  },
  {
    path: "/teach/live/:id/report",
    component: () => import("./ReportPage.vue"),
    meta: { title: "live.report.title" },
  },
];
