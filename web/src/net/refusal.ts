/** What the server answers when something may not be (RFC 9457 problem): a code, its basis, data for the words. */

export interface Problem {
  code: string;
  basis?: string | null;
  field?: string | null;
  status?: number;
  data?: Record<string, unknown>;
}

/** An answer, not a fault: the screen says what happened, why and what to do now. */
export class Refusal extends Error {
  readonly code: string;
  readonly basis: string | null;
  readonly field: string | null;
  readonly status: number;
  readonly data: Record<string, unknown>;
  readonly requestId: string | null;

  constructor(problem: Problem, status = 0, requestId: string | null = null) {
    super(problem.code);
    this.name = "Refusal";
    this.code = problem.code;
    this.basis = problem.basis ?? null;
    this.field = problem.field ?? null;
    this.status = problem.status ?? status;
    this.data = problem.data ?? {};
    this.requestId = requestId;
  }
}

/** No answer came: the line is down, or the socket was lost before the acknowledgement. */
export class LineLost extends Error {
  constructor() {
    super("line lost");
    this.name = "LineLost";
  }
}

/** Whether the same may be sent again in a moment: no answer came, or the server can't just now and keeps nothing of it. */
export function comeAgain(reason: unknown): boolean {
  return reason instanceof LineLost || (reason instanceof Refusal && reason.status >= 500);
}
