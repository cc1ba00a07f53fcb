/** Who is signed in: one store for the whole page, filled from `GET /session`. */
import { computed, reactive, readonly } from "vue";
import { createHttp, type Http } from "./http";
import { idle } from "./idle";
import { hear } from "./server-clock";
import type { Account, HeldRole, SessionView, Settings } from "./types";

const state = reactive<{ view: SessionView | null }>({ view: null });

export const http: Http = createHttp({
  fetch: (input, init) => fetch(input, init),
  base: "/api/v1",
  csrf: () => state.view?.csrf ?? "",
  signedOut: () => forget(),
  present: idle.present,
  used: idle.used,
});

const account = computed<Account | null>(() => state.view?.account ?? null);
const roles = computed<HeldRole[]>(() => state.view?.roles ?? []);
const settings = computed<Settings>(() => state.view?.settings ?? { answer_time_extended: false });

/** Signed in, with the first password changed and Art. 12–13 read: the whole house is open. */
const free = computed(() =>
  Boolean(account.value && !state.view?.must_change_password && state.view?.read_terms),
);

export function useSession() {
  return { session: readonly(state), account, roles, settings, free, holds, load, signIn, signOut };
}

/** Whether one of the powers, as the server names them, is held anywhere. */
export function holds(...powers: string[]): boolean {
  const held = state.view?.powers ?? [];
  return powers.some((power) => held.includes(power));
}

export async function load(): Promise<SessionView> {
  return take(await http.get<SessionView>("/session"));
}

export async function signIn(accountName: string, password: string): Promise<SessionView> {
  return take(await http.post<SessionView>("/session", { account: accountName, password }));
}

export async function signOut(): Promise<void> {
  await http.remove("/session");
  await load();
}

function take(view: SessionView): SessionView {
  if (view.server_time) hear(view.server_time);
  state.view = view;
  return view;
}

function forget(): void {
  if (state.view) state.view = { ...state.view, account: null, roles: [], powers: [] };
}
