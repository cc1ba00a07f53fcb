import attendance from "./attendance.json";
import base from "./base.json";
import desk from "./desk.json";
import forum from "./forum.json";
import home from "./home.json";
import hours from "./hours.json";
import live from "./live.json";
import notice from "./notices.json";
import pages from "./pages.json";
import people from "./people.json";
import refusals from "./refusals.json";
import search from "./search.json";
import topic from "./topic_classes.json";

export default {
  ...base,
  ...hours,
  ...people,
  ...pages,
  desk,
  home,
  refusals,
  attendance,
  live,
  notice,
  forum,
  search,
  topic,
};
