/** A file sent as the body of one PUT, with its progress; `fetch` tells none. */

import type { Problem } from "@/net/refusal";

export interface Uploaded {
  readonly status: number;
  readonly problem: Problem | null;
}

function problemOf(request: XMLHttpRequest): Problem | null {
  if (request.status >= 200 && request.status < 300) return null;
  if (request.status === 0) return { code: "line.lost" };
  try {
    const told = JSON.parse(request.responseText) as Problem;
    return typeof told.code === "string" ? told : { code: "server.fault" };
  } catch {
    return { code: "server.fault" };
  }
}

/** `progress` gets the share sent, 0 to 1. Never rejects: the answer says what happened. */
export function upload(
  url: string,
  file: Blob,
  csrf: string,
  progress: (share: number) => void,
  request = new XMLHttpRequest(),
): Promise<Uploaded> {
  return new Promise((resolve) => {
    request.open("PUT", url);
    request.setRequestHeader("Content-Type", "video/mp4");
    request.setRequestHeader("X-CSRF-Token", csrf);
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onloadend = () => resolve({ status: request.status, problem: problemOf(request) });
    request.send(file);
  });
}
