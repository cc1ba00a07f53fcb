/** Addresses of the hours: one's own, and for administrators those of a learner (looks are logged). */
import type { RouteRecordRaw } from "vue-router";

const OTHERS = { powers: ["hours.see"] };

export const routes: RouteRecordRaw[] = [
  { path: "/hours", component: () => import("./HoursPage.vue"), meta: { title: "hours.title" } },
  { path: "/hours/entries/:entry", component: () => import("./EntryPage.vue"), meta: { title: "hours.why" } },
  {
    path: "/hours/classes/:class",
    component: () => import("./ClassWhyPage.vue"),
    meta: { title: "hours.why" },
  },
  {
    path: "/hours/topic-classes/:topic",
    component: () => import("./TopicWhyPage.vue"),
    meta: { title: "hours.why" },
  },
  {
    path: "/people/:person/topic-classes/:topic",
    component: () => import("./TopicWhyPage.vue"),
    meta: { title: "hours.why", ...OTHERS },
  },
  {
    path: "/people/:person/hours",
    component: () => import("./HoursPage.vue"),
    meta: { title: "hours.title", ...OTHERS },
  },
  {
    path: "/people/:person/classes/:class",
    component: () => import("./ClassWhyPage.vue"),
    meta: { title: "hours.why", ...OTHERS },
  },
  {
    path: "/centre/:unit/questions",
    component: () => import("./QuestionsPage.vue"),
    meta: { title: "questions.title", powers: ["hours.questions"], desk: true },
  },
  {
    path: "/centre/:unit/proposals",
    component: () => import("./ProposalsPage.vue"),
    meta: { title: "proposals.title", powers: ["hours.decide"], desk: true },
  },
];
