import attendance from "./attendance.json";
import base from "./base.json";
import live from "./live.json";

export default { ...base, attendance, live };
