/** Addresses of sign-in, of what belongs to oneself, and of the roster that a sub-centre keeps (Art. 8). */
import type { RouteRecordRaw } from "vue-router";

const CENTRE = { powers: ["people.see"], desk: true };

export const routes: RouteRecordRaw[] = [
  {
    path: "/sign-in",
    component: () => import("./SignInPage.vue"),
    meta: { title: "sign_in.title", open: true },
  },
  {
    path: "/sign-in/reset",
    component: () => import("./ResetPage.vue"),
    meta: { title: "reset.title", open: true },
  },
  { path: "/welcome", component: () => import("./WelcomePage.vue"), meta: { title: "welcome.title" } },
  {
    path: "/me",
    redirect: "/me/profile",
    component: () => import("./MeFrame.vue"),
    children: [
      { path: "profile", component: () => import("./ProfilePage.vue"), meta: { title: "me.profile.title" } },
      {
        path: "notices",
        component: () => import("@/notices/NoticesPage.vue"),
        meta: { title: "me.notices.title" },
      },
      { path: "posts", component: () => import("./MyPostsPage.vue"), meta: { title: "me.posts.title" } },
      { path: "devices", component: () => import("./DevicesPage.vue"), meta: { title: "me.devices.title" } },
      {
        path: "access-log",
        component: () => import("./AccessLogPage.vue"),
        meta: { title: "me.access_log.title" },
      },
      {
        path: "settings",
        component: () => import("./SettingsPage.vue"),
        meta: { title: "me.settings.title" },
      },
    ],
  },
  {
    path: "/centre/:unit/roster",
    component: () => import("./RosterPage.vue"),
    meta: { title: "roster.title", ...CENTRE },
  },
  {
    path: "/centre/:unit/roster/new",
    component: () => import("./EnrolPage.vue"),
    meta: { title: "roster.enrol", powers: ["people.enrol"], desk: true },
  },
  {
    path: "/centre/:unit/roster/:id",
    component: () => import("./PersonPage.vue"),
    meta: { title: "roster.person", ...CENTRE },
  },
];
