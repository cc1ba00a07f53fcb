/** Lets one window of a browser at a time do something. */

const HOLD_MS = 30_000;

type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/**
 * In storage, as plain http has no Web Locks. Two windows that ask in the same instant may both be let: what is done
 * has to bear being done twice. A window that was closed has it for `HOLD_MS` at most.
 */
export class Lease {
  /** `holder`: the name of this window; `now`: ms by the clock of this computer. */
  constructor(
    private readonly storage: Kept,
    private readonly key: string,
    private readonly holder: string,
    private readonly now: () => number,
  ) {}

  /** Takes it, or keeps it for longer; false while another window has it. */
  take(): boolean {
    const { holder, left } = this.held();
    if (holder !== this.holder && left > 0 && left <= HOLD_MS) return false;
    this.storage.setItem(this.key, `${this.holder} ${this.now() + HOLD_MS}`);
    return true;
  }

  giveBack(): void {
    if (this.held().holder === this.holder) this.storage.removeItem(this.key);
  }

  private held(): { holder: string; left: number } {
    const [holder = "", until = "0"] = (this.storage.getItem(this.key) ?? "").split(" ");
    return { holder, left: Number(until) - this.now() };
  }
}
