/** Addresses of live classes: for learners `/live…`, for lecturers and assistants `/teach…`. */
import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  {
    path: "/live/:id/room",
    component: () => import("./RoomPage.vue"),
    meta: { title: "live.room.title", bare: true },
  },
  {
    path: "/teach/live/:id/studio",
    component: () => import("./StudioPage.vue"),
    meta: { title: "live.studio.title", bare: true },
  },
];
