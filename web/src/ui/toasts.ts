/** Short messages after an act, some with a way back for a while; read out politely, never stealing focus. */
import { reactive, readonly } from "vue";

export interface Toast {
  id: number;
  text: string;
  undo: (() => void) | null;
  /** When it goes away by itself, ms of `Date.now()`. */
  until: number;
}

const state = reactive<{ list: Toast[] }>({ list: [] });
let count = 0;

export const toasts = readonly(state);

/** The number of the message, by which it can be dismissed. */
export function say(text: string, options: { undo?: () => void; seconds?: number } = {}): number {
  const seconds = options.seconds ?? (options.undo ? 10 : 5);
  const toast: Toast = { id: ++count, text, undo: options.undo ?? null, until: Date.now() + seconds * 1000 };
  state.list = [...state.list.slice(-2), toast];
  setTimeout(() => dismiss(toast.id), seconds * 1000);
  return toast.id;
}

export function dismiss(id: number): void {
  state.list = state.list.filter((toast) => toast.id !== id);
}
