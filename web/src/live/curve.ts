/** The attendance curve of a report as two lines of an SVG; the table beside it holds the same figures. */

export interface Point {
  readonly at_ms: number;
  readonly here: number;
  readonly earning: number;
}

export interface Curve {
  /** `points` of two polylines in a box of `width` by `height`. */
  readonly here: string;
  readonly earning: string;
  readonly most: number;
}

export function curve(points: readonly Point[], width: number, height: number): Curve {
  const first = points[0];
  const last = points[points.length - 1];
  const most = Math.max(1, ...points.map(({ here }) => here));
  if (!first || !last) return { here: "", earning: "", most: 0 };
  const length = Math.max(1, last.at_ms - first.at_ms);
  const line = (value: (point: Point) => number): string =>
    points
      .map((point) => {
        const x = ((point.at_ms - first.at_ms) / length) * width;
        const y = height - (value(point) / most) * height;
        return `${x.toFixed(1)},${y.toFixed(1)}`;
      })
      .join(" ");
  return { here: line(({ here }) => here), earning: line(({ earning }) => earning), most };
}
