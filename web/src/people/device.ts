/** The name of a device as a person would say it, from what the browser says of itself. */

const SYSTEMS: [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/HarmonyOS|OpenHarmony/, "HarmonyOS"],
  [/Android/, "Android"],
  [/UOS/, "UOS"],
  [/Kylin/i, "Kylin"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];
const BROWSERS: [RegExp, string][] = [
  [/MicroMessenger/, "微信"],
  [/QIHU|360[SE]E/, "360"],
  [/Edg\//, "Edge"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];

export function deviceName(userAgent: string): string {
  const find = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const names = [find(SYSTEMS), find(BROWSERS)].filter(Boolean);
  return names.length ? names.join(" · ") : userAgent.slice(0, 40) || "?";
}
