/** Addresses of topic classes: for learners `/topic-classes…`, for class teachers `/classes…`. */
import type { RouteRecordRaw } from "vue-router";

const DESK = { title: "topic.desk.title", powers: ["topic_classes.progress"], desk: true };

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
  { path: "/classes", component: () => import("./TopicDesksPage.vue"), meta: DESK },
  {
    path: "/classes/new",
    component: () => import("./NewTopicPage.vue"),
    meta: { ...DESK, title: "topic.desk.new", powers: ["topic_classes.plan"] },
  },
  { path: "/classes/:id", redirect: ({ params }) => `/classes/${params.id}/plan` },
  {
    path: "/classes/:id/:tab(plan|roster|discussion|progress|completion)",
    component: () => import("./TopicDeskPage.vue"),
    meta: DESK,
  },
];
