/**
 * Where pages and server must agree: whatever a page reads of an answer, the server's own description has to give. This
 * file is types alone; the type check fails where a shape has drifted (`npm run check` makes `schema.ts` anew first).
 */
import type { OwnAttendance } from "@/attendance/own";
import type { Board, ForumPost, FoundList, PostPage, ThreadList, Written } from "@/forum/types";
import type { HomeView } from "@/home/types";
import type { Entry, Exemption, Proposal, Question, TopicWhy, Why, YearRecord } from "@/hours/types";
import type { Leave, ViewingLeave } from "@/live/grant";
import type { AudienceList, PostView, ReportView, Room } from "@/live/types";
import type { Choices, Item, ItemDetail, Queue, Review, Sanction } from "@/moderation/types";
import type { PortalView } from "@/pages/portal";
import type {
  CalendarState,
  Device,
  Holding,
  Look,
  NewCalendar,
  OwnPost,
  Profile,
  Unit,
} from "@/people/types";
import type { SearchView } from "@/search/types";
import type {
  Announcement,
  Classmate,
  ModuleList,
  Seated,
  TopicClass,
  TopicLine,
  TopicModule,
} from "@/topic-classes/types";
import type { Policy, Regulation } from "./documents";
import type { components } from "./schema";
import type { ClassView, SessionView } from "./types";

type Schema = components["schemas"];

/** Our unions of words (`"held" | "published"`) are plain text in the description. */
type Widened<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T extends readonly (infer Element)[]
        ? Widened<Element>[]
        : T extends object
          ? { [Key in keyof T]: Widened<T[Key]> }
          : T;

type Gives<Ours, Theirs extends Widened<Ours>> = [Ours, Theirs];

export type Agreement = [
  Gives<SessionView, Schema["SessionView"]>,
  Gives<Profile, Schema["Profile"]>,
  Gives<Device, Schema["Device"]>,
  Gives<CalendarState, Schema["CalendarView"]>,
  Gives<NewCalendar, Schema["CalendarAddress"]>,
  Gives<Look, Schema["LookView"]>,
  Gives<Unit, Schema["UnitView"]>,
  Gives<Holding, Schema["RoleView"]>,
  Gives<OwnPost, Schema["OwnPost"]>,
  Gives<ClassView, Schema["ClassView"]>,
  Gives<Room, Schema["RoomView"]>,
  Gives<PostView, Schema["PostView"]>,
  Gives<AudienceList, Schema["AudienceView"]>,
  Gives<ReportView, Schema["ReportView"]>,
  Gives<OwnAttendance, Schema["OwnView"]>,
  Gives<Leave, Schema["Leave"]>,
  Gives<ViewingLeave, Schema["ViewingLeave"]>,
  Gives<HomeView, Schema["HomeView"]>,
  Gives<YearRecord, Schema["RecordView"]>,
  Gives<Entry, Schema["EntryView"]>,
  Gives<Why, Schema["WhyView"]>,
  Gives<TopicWhy, Schema["TopicWhyView"]>,
  Gives<Question, Schema["QuestionView"]>,
  Gives<Proposal, Schema["ProposalView"]>,
  Gives<Board, Schema["BoardView"]>,
  Gives<ThreadList, Schema["ThreadList"]>,
  Gives<ForumPost, Schema["ForumPost"]>,
  Gives<PostPage, Schema["PostPage"]>,
  Gives<FoundList, Schema["FoundList"]>,
  Gives<Written, Schema["WrittenView"]>,
  Gives<Item, Schema["Item"]>,
  Gives<Choices, Schema["ChoicesView"]>,
  Gives<Omit<ItemDetail, "before">, Schema["WholeItem"]>,
  Gives<Queue, Schema["ItemsView"]>,
  Gives<Review, Schema["ReviewView"]>,
  Gives<Sanction, Schema["SanctionView"]>,
  Gives<TopicClass, Schema["TopicClassView"]>,
  Gives<Seated, Schema["SeatedView"]>,
  Gives<TopicModule, Schema["TopicModuleView"]>,
  Gives<ModuleList, Schema["ModuleList"]>,
  Gives<TopicLine, Schema["TopicLineView"]>,
  Gives<Classmate, Schema["ClassmateView"]>,
  Gives<Announcement, Schema["AnnouncementView"]>,
  Gives<Regulation, Schema["RegulationView"]>,
  Gives<Policy, Schema["PolicyView"]>,
  Gives<Exemption, Schema["ExemptionView"]>,
  Gives<PortalView, Schema["PortalView"]>,
  Gives<SearchView, Schema["SearchView"]>,
];
