/** The pages about oneself, in the order of menu and side list. */
import type { IconName } from "@/ui/icons";

export const mePages: { name: string; to: string; icon: IconName }[] = [
  { name: "profile", to: "/me/profile", icon: "person" },
  { name: "notices", to: "/me/notices", icon: "bell" },
  { name: "posts", to: "/me/posts", icon: "desk" },
  { name: "devices", to: "/me/devices", icon: "device" },
  { name: "access_log", to: "/me/access-log", icon: "eye" },
  { name: "settings", to: "/me/settings", icon: "gear" },
];
