/** The words of the screens: Chinese comes with the page, English is fetched when chosen. */
import { createI18n } from "vue-i18n";
import zh from "./zh-CN";

export type Language = "zh-CN" | "en";

const REMEMBERED = "language";

export const words = createI18n({
  legacy: false,
  locale: "zh-CN" as Language,
  fallbackLocale: "zh-CN",
  messages: { "zh-CN": zh } as Record<string, typeof zh>,
  missingWarn: false,
  fallbackWarn: false,
});

export const t = words.global.t;

export async function speak(language: Language): Promise<void> {
  if (language === "en" && !words.global.availableLocales.includes("en")) {
    const { default: en } = await import("./en");
    words.global.setLocaleMessage("en", en);
  }
  words.global.locale.value = language;
  document.documentElement.lang = language;
  localStorage.setItem(REMEMBERED, language);
}

export function rememberedLanguage(): Language {
  return localStorage.getItem(REMEMBERED) === "en" ? "en" : "zh-CN";
}
