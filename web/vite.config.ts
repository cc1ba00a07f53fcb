/** How the pages are built, served while being written, and tested. */
import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";
import { compressedCopies } from "./scripts/compressed.ts";
import { plainPages } from "./scripts/plain.ts";

/** The oldest browser promised: Chromium 86 of office computers, and what was current with it. */
export const OLDEST = ["chrome86", "edge86", "firefox85", "safari15.4"];

const server = process.env.JIANGTANG_SERVER ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [vue(), plainPages(), compressedCopies()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: OLDEST,
    cssTarget: OLDEST,
    assetsInlineLimit: 0,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "hls", test: /node_modules[\\/]hls\.js/ },
            { name: "vue", test: /node_modules[\\/](@?vue|vue-router|vue-i18n|@intlify)[\\/]/ },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": server,
      "/media": server,
      "/socket": { target: server, ws: true },
    },
  },
  test: {
    environment: "jsdom",
    pool: "vmThreads",
    include: ["src/**/*.test.ts", "scripts/**/*.test.ts"],
    setupFiles: ["src/test-setup.ts"],
    server: { deps: { inline: ["element-plus"] } },
    css: false,
  },
});
