/** The places a person may act in: one for each kind of role held, chosen by the address alone. */
import type { HeldRole, RoleName } from "@/net/types";

export type AreaName = "learner" | "teach" | "classes" | "desk" | "centre" | "audit";

export interface Area {
  name: AreaName;
  to: string;
  /** Beginnings of the addresses that belong to the area. */
  under: string[];
}

const LEARNER: Area = { name: "learner", to: "/home", under: [] };
const TEACH: Area = { name: "teach", to: "/teach", under: ["/teach"] };
const CLASSES: Area = { name: "classes", to: "/classes", under: ["/classes"] };
const DESK: Area = { name: "desk", to: "/desk", under: ["/desk"] };

const TEACHES: RoleName[] = ["lecturer", "assistant"];
const LOOKS_AFTER: RoleName[] = ["class_teacher"];
const MODERATES: RoleName[] = ["moderator", "academy_admin"];
const ADMINISTERS: RoleName[] = ["sub_centre_admin", "academy_admin"];
const READS: RoleName[] = ["auditor", "department"];

/** In the order of the role switch; the learner's own place always comes first. */
export function areasOf(roles: readonly HeldRole[]): Area[] {
  const holds = (names: RoleName[]) => roles.find(({ role }) => names.includes(role));
  const areas: Area[] = [LEARNER];
  if (holds(TEACHES)) areas.push(TEACH);
  if (holds(LOOKS_AFTER)) areas.push(CLASSES);
  if (holds(MODERATES)) areas.push(DESK);
  const admin = holds(ADMINISTERS);
  if (admin) areas.push(centre("centre", admin));
  const reader = holds(READS);
  if (reader) areas.push(centre("audit", reader));
  return areas;
}

/** The area that an address belongs to, among those one has. */
export function areaAt(path: string, areas: readonly Area[]): Area {
  const found = areas.find(({ under }) =>
    under.some((start) => path === start || path.startsWith(`${start}/`)),
  );
  return found ?? areas[0] ?? LEARNER;
}

function centre(name: "centre" | "audit", role: HeldRole): Area {
  const unit = role.scope_kind === "all" || !role.scope_id ? "all" : role.scope_id;
  const under =
    name === "audit" ? ["/centre", "/people", "/classes", "/desk"] : ["/centre", "/people", "/classes"];
  return { name, to: `/centre/${unit}/roster`, under };
}

export interface DeskLink {
  key: string;
  to: string;
}

/** The pages of a desk that the powers held open. */
export function deskLinks({ under, to }: Area, may: (power: string) => boolean): DeskLink[] {
  const centre = to.replace(/\/roster$/, "");
  const pages: { start: string; power: string; link: DeskLink }[] = [
    { start: "/desk", power: "desk.see", link: { key: "desk.queue", to: "/desk" } },
    { start: "/desk", power: "desk.review", link: { key: "desk.reviews", to: "/desk/reviews" } },
    { start: "/desk", power: "desk.see", link: { key: "desk.sanctions", to: "/desk/sanctions" } },
    { start: "/desk", power: "live.cut", link: { key: "desk.live", to: "/desk/live" } },
    { start: "/centre", power: "people.see", link: { key: "roster.title", to } },
    {
      start: "/classes",
      power: "topic_classes.progress",
      link: { key: "topic.desk.title", to: "/classes" },
    },
    {
      start: "/centre",
      power: "hours.questions",
      link: { key: "questions.title", to: `${centre}/questions` },
    },
    { start: "/centre", power: "hours.decide", link: { key: "proposals.title", to: `${centre}/proposals` } },
  ];
  return pages.filter(({ start, power }) => under.includes(start) && may(power)).map(({ link }) => link);
}
