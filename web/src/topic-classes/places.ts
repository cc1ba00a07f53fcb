/** Enrolment of a topic class on a form: open or not, places as typed, for which learners. */
import { t } from "@/words";
import { capacityOf } from "./plan";
import type { TopicClass } from "./types";

export interface Places {
  open: boolean;
  places: string;
  categories: string[];
}

export const placesOf = ({ self_enrolment, capacity, categories }: TopicClass): Places => ({
  open: self_enrolment,
  places: String(capacity ?? ""),
  categories: [...categories].sort(),
});

/** Only what differs, so that another's change to something else stays. */
export function placesChanges(form: Places, known: TopicClass): object {
  const [capacity, before] = [capacityOf(form.places), placesOf(known)];
  const categories = [...form.categories].sort();
  return {
    ...(form.open !== before.open && { self_enrolment: form.open }),
    ...(capacity !== known.capacity && { capacity }),
    ...(String(categories) !== String(before.categories) && { categories }),
  };
}

export function placesShown(field: keyof Places, form: Places): string {
  if (field === "open") return t(form.open ? "topic.standing.open" : "topic.standing.closed");
  if (field === "places") return form.places.trim();
  return form.categories.map((each) => t(`category.${each}`)).join(t("topic.and"));
}
