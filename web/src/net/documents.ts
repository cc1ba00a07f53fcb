/** The two public documents that decisions cite: the regulation and our own rules of hours. */
import { http } from "./session";

export interface Article {
  number: number;
  heading: string;
  chapter: string;
  paragraphs: string[];
}

export interface Regulation {
  title: string;
  articles: Article[];
}

export interface PolicyField {
  field: string;
  label: string;
  value: string;
  unit: string;
  article: number | null;
  clause: number | null;
  set_by: "regulation" | "platform";
}

export interface Policy {
  version: string;
  effective: string;
  fields: PolicyField[];
}

let regulation: Promise<Regulation> | null = null;

/** Fetched once a visit; a failed fetch is not remembered. */
export function getRegulation(): Promise<Regulation> {
  regulation ??= http.get<Regulation>("/regulation").catch((error: unknown) => {
    regulation = null;
    throw error;
  });
  return regulation;
}

export const getPolicy = (): Promise<Policy> => http.get<Policy>("/policy");
