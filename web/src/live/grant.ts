/** Leave to watch or to publish one stream; the one to watch is renewed while the page is open. */

/** `POST /classes/{id}/viewing` and `/publishing`; `expires_at` in unix seconds. */
export interface Leave {
  readonly url: string;
  readonly grant: string;
  readonly expires_at: number;
}

export interface ViewingLeave extends Leave {
  readonly mode: "low_latency" | "stable";
}

export const RENEW_MS = 25_000;
const RETRY_MS = 2_000;

/** Keeps one grant fresh; every request of the player reads the newest. */
export class RenewableGrant<L extends Leave = ViewingLeave> {
  private leave: L | null = null;
  private asking: Promise<L> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(
    /** Is told the grant that is still held, for a server that can't look anything up. */
    private readonly ask: (held: string) => Promise<L>,
    private readonly renewed: () => void = () => undefined,
  ) {}

  /** The newest grant, empty before the first. */
  get token(): string {
    return this.leave?.grant ?? "";
  }

  /** Asks once, however many wait for it. */
  renew(): Promise<L> {
    this.asking ??= this.ask(this.token)
      .then((leave) => {
        this.leave = leave;
        this.again(RENEW_MS);
        this.renewed();
        return leave;
      })
      .catch((reason: unknown) => {
        if (this.leave) this.again(RETRY_MS);
        throw reason;
      })
      .finally(() => {
        this.asking = null;
      });
    return this.asking;
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private again(after_ms: number): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.renew().catch(() => undefined);
    }, after_ms);
  }
}
