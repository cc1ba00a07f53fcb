/** One visit of one learner to one activity on this page load, and which device earns (rules 3.3). */

/** Another stay that earns for the same learner. */
export interface Other {
  readonly device: string;
  readonly since: string;
}

/** The server's answer to `stay.open` and `stay.take`. */
export interface Opened {
  readonly stay: string;
  readonly earning: boolean;
  readonly other: Other | null;
}

/**
 * `choosing`: another device earns, the learner has not chosen yet. `watching`: chosen not to earn here.
 * `moved`: earning has gone to another device after it was here.
 */
export type StayState =
  | { readonly at: "opening" }
  | { readonly at: "earning"; readonly stay: string; readonly resting: boolean }
  | { readonly at: "choosing"; readonly stay: string; readonly other: Other }
  | { readonly at: "watching"; readonly stay: string; readonly device: string }
  | { readonly at: "moved"; readonly stay: string; readonly device: string };

export const OPENING: StayState = { at: "opening" };

/** After `stay.open` or `stay.take`. */
export function opened(answer: Opened): StayState {
  if (answer.earning || !answer.other) return { at: "earning", stay: answer.stay, resting: false };
  return { at: "choosing", stay: answer.stay, other: answer.other };
}

/** The learner only wants to watch here; time goes on counting on the other device. */
export function watchOnly(state: StayState): StayState {
  if (state.at !== "choosing") return state;
  return { at: "watching", stay: state.stay, device: state.other.device };
}

/** The event `stay.moved`; one about an older stay of this page changes nothing. */
export function moved(state: StayState, stay: string, device: string): StayState {
  if (state.at === "opening" || state.stay !== stay) return state;
  return { at: "moved", stay, device };
}

export function rested(state: StayState, resting: boolean): StayState {
  return state.at === "earning" ? { ...state, resting } : state;
}

/** The device on which time counts instead, or null when it may count here. */
export function elsewhere(state: StayState): string | null {
  switch (state.at) {
    case "choosing":
      return state.other.device;
    case "watching":
    case "moved":
      return state.device;
    default:
      return null;
  }
}

/** Whether beats are made for this stay. */
export function earns(state: StayState): boolean {
  return state.at === "earning";
}

const BROWSERS: readonly [RegExp, string][] = [
  [/MicroMessenger/, "微信"],
  [/Edg\//, "Edge"],
  [/Firefox\//, "Firefox"],
  [/Chrom(?:e|ium)\//, "Chrome"],
  [/Safari\//, "Safari"],
];

/** What the other device will call this one: `电脑 Chrome`, `手机微信`. */
export function spokenDevice(userAgent: string, words: { phone: string; computer: string }): string {
  const place = /Mobi|Android|iPhone|iPad/.test(userAgent) ? words.phone : words.computer;
  const browser = BROWSERS.find(([pattern]) => pattern.test(userAgent));
  if (!browser) return place;
  return /^\w/.test(browser[1]) ? `${place} ${browser[1]}` : place + browser[1];
}
