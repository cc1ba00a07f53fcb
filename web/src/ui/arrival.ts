/** Whether a page was reached by a link within the pages (then its heading takes the focus) or by loading it. */

let moves = 0;

export function moved(): void {
  moves += 1;
}

export function arrived(): boolean {
  return moves > 1;
}
