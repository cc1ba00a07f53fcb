/** Every address of the pages. Each noun lists its own; what is not marked `open` asks for a sign-in first. */
import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";
import { routes as live } from "./live/routes";
import { useSession } from "./net/session";
import { routes as pages } from "./pages/routes";
import { t } from "./words";

declare module "vue-router" {
  interface RouteMeta {
    /** Key of the page's name in the words; the page may say a better one with `useTitle`. */
    title: string;
    /** Shown without sign-in. */
    open?: boolean;
    /** Any of these powers, as the server names them; without one the 403 page is shown, the address unchanged. */
    powers?: string[];
    /** Neither top bar nor bottom bar (room, studio). */
    bare?: boolean;
    /** Fluid width and compact controls. */
    desk?: boolean;
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
  routes: [...pages, ...live, rest],
  scrollBehavior: (to, from, saved) =>
    saved ?? (to.hash ? { el: to.hash, top: 72 } : to.path === from.path ? false : { top: 0 }),
});

router.beforeEach((to) => {
  const { account } = useSession();
  if (to.meta.open || account.value) return true;
  return { path: "/sign-in", query: { next: to.fullPath } };
});

router.afterEach((to) => {
  document.title = `${t(to.meta.title)} - ${useSession().session.view?.academy.name ?? "干部网络学院"}`;
});
