/** Addresses of topic classes: for learners `/topic-classes…`, for class teachers `/classes…`. */
import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  {
    path: "/topic-classes",
    component: () => import("./TopicClassesPage.vue"),
    meta: { title: "nav.topic_classes" },
  },
  { path: "/topic-classes/:id", redirect: ({ params }) => `/topic-classes/${params.id}/modules` },
  {
    path: "/topic-classes/:id/:tab(modules|discussion|members|completion)",
    component: () => import("./TopicClassPage.vue"),
    meta: { title: "nav.topic_classes" },
  },
];
