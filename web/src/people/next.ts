/** Where to go after sign-in: back to where one was, and only within these pages. */

export function nextPath(query: unknown, fallback = "/home"): string {
  const path = Array.isArray(query) ? query[0] : query;
  if (typeof path !== "string" || !/^\/(?![/\\])/.test(path)) return fallback;
  return /^\/(sign-in|welcome)\b/.test(path) ? fallback : path;
}
