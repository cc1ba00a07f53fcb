/** Short messages after an act, some with a way back for a while or a way on; read out politely, never stealing focus. */
import { reactive, readonly } from "vue";

export interface Toast {
  id: number;
  text: string;
  undo: (() => void) | null;
  /** The page that shows more of it. */
  to: string | null;
  /** When it goes away by itself, ms of `Date.now()`. */
  until: number;
}

export type Told = Partial<Pick<Toast, "undo" | "to">> & { seconds?: number };

const state = reactive<{ list: Toast[] }>({ list: [] });
let count = 0;

export const toasts = readonly(state);

/** The number of the message, by which it can be dismissed. */
export function say(text: string, options: Told = {}): number {
  const { undo = null, to = null, seconds = undo || to ? 10 : 5 } = options;
  const toast: Toast = { id: ++count, text, undo, to, until: Date.now() + seconds * 1000 };
  state.list = [...state.list.slice(-2), toast];
  setTimeout(() => dismiss(toast.id), seconds * 1000);
  return toast.id;
}

export function dismiss(id: number): void {
  state.list = state.list.filter((toast) => toast.id !== id);
}
