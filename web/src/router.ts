/** Every address of the pages. Each noun lists its own; what is not marked `open` asks for a sign-in first. */
import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";
import { routes as forum } from "./forum/routes";
import { routes as home } from "./home/routes";
import { routes as hours } from "./hours/routes";
import { routes as live } from "./live/routes";
import { routes as moderation } from "./moderation/routes";
import { useSession } from "./net/session";
import { routes as pages } from "./pages/routes";
import { routes as people } from "./people/routes";
import { routes as search } from "./search/routes";
import { routes as topicClasses } from "./topic-classes/routes";
import { moved } from "./ui/arrival";
import { t } from "./words";

declare module "vue-router" {
  interface RouteMeta {
    /** Key of the page's name in the words; `PageTitle` may say a better one. */
    title: string;
    /** Shown without sign-in. */
    open?: boolean;
    /** Any of these powers, as the server names them; without one the 403 page is shown, the address unchanged. */
    powers?: string[];
    /** Neither top bar nor bottom bar (room, studio). */
    bare?: boolean;
    /** Fluid width and compact controls. */
    desk?: boolean;
    /** It has a search field of its own. */
    finds?: boolean;
    /** Each address of it is a page of its own, begun anew where a link leads from one to another. */
    each?: boolean;
  }
}

const rest: RouteRecordRaw = {
  path: "/:path(.*)*",
  name: "not-found",
  component: () => import("./pages/NotFoundPage.vue"),
  meta: { title: "page.not_found", open: true },
};

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    ...pages,
    ...home,
    ...live,
    ...topicClasses,
    ...forum,
    ...hours,
    ...search,
    ...people,
    ...moderation,
    rest,
  ],
  scrollBehavior: (to, from, saved) =>
    saved ?? (to.hash ? { el: to.hash, top: 72 } : to.path === from.path ? false : { top: 0 }),
});

router.beforeEach((to) => {
  const { account, free } = useSession();
  if (to.meta.open) return true;
  if (!account.value) return { path: "/sign-in", query: { next: to.fullPath } };
  if (!free.value && to.path !== "/welcome") return { path: "/welcome", query: { next: to.fullPath } };
  return true;
});

router.afterEach((to, from) => {
  if (to.path === from.path) return;
  moved();
  document.title = `${t(to.meta.title)} - ${useSession().session.view?.academy.name ?? t("app.academy")}`;
});
