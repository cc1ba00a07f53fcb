import { expect, it } from "vitest";
import { deviceName } from "./device";

it("names system and browser", () => {
  const chrome =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/86.0.4240.198 Safari/537.36";
  expect(deviceName(chrome)).toBe("Windows · Chrome");
  expect(deviceName(`${chrome} Edg/86.0.622.69`)).toBe("Windows · Edge");
  const weixin =
    "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/86.0 Mobile Safari/537.36 MicroMessenger/8.0";
  expect(deviceName(weixin)).toBe("Android · 微信");
});

it("shows what it does not know as it came, and never nothing", () => {
  expect(deviceName("curl/8.0")).toBe("curl/8.0");
  expect(deviceName("")).toBe("?");
});
