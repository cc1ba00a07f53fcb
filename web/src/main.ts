/** Starts the pages: words, session, router, then the application. */
import { createApp } from "vue";
import App from "./App.vue";
import { load } from "./net/session";
import { router } from "./router";
import "./ui/tokens.css";
import "./ui/base.css";
import { applyTextSize } from "./ui/preferences";
import { rememberedLanguage, speak, words } from "./words";

async function start(): Promise<void> {
  await Promise.all([load().catch(() => null), speak(rememberedLanguage())]);
  applyTextSize();
  createApp(App).use(words).use(router).mount("#app");
}

void start();
