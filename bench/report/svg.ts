/** A chart's frame, which is the same for all charts. */
export interface Frame {
  readonly title: string;
  /** The labels of the axes, with units. */
  readonly x: string;
  readonly y: string;
}

export const WIDTH = 760;
export const HEIGHT = 420;
export const PLOT = { left: 70, right: WIDTH - 20, top: 78, bottom: HEIGHT - 56 };

/** Colours with enough contrast on white and on near-black; each series also has its own dash pattern. */
const LIGHT = ['#1d4ed8', '#c2410c', '#15803d', '#7e22ce', '#0e7490', '#be123c'];
const DARK = ['#7aa2ff', '#fb923c', '#4ade80', '#c084fc', '#22d3ee', '#fb7185'];
export const DASHES = ['none', '7 3', '2 3', '10 3 2 3', '4 4', '1 4'];

const STYLE = `<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328; } .title { font-size: 16px; font-weight: 600; }
.grid { stroke: #d1d9e0; } .axis { stroke: #59636e; } .page { fill: #ffffff; }
${LIGHT.map((colour, index) => `.line${index} { stroke: ${colour}; fill: none; stroke-width: 2; } .area${index} { fill: ${colour}; }`).join('\n')}
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc; } .grid { stroke: #3d444d; } .axis { stroke: #9198a1; } .page { fill: #0d1117; }
${DARK.map((colour, index) => `.line${index} { stroke: ${colour}; } .area${index} { fill: ${colour}; }`).join('\n')}
}
</style>`;

/** The whole file. @param names the names of the series, for the legend. */
export function document(
  { title, x, y }: Frame,
  names: readonly string[],
  shapes: readonly string[],
  { height = HEIGHT, marker = 'box' }: { height?: number; marker?: 'box' | 'line' } = {},
): string {
  const middle = (PLOT.left + PLOT.right) / 2;
  const bottom = height - 56;
  const column = (PLOT.right - PLOT.left) / Math.min(names.length, 3);
  const legend = names.map((name, index) => {
    const [left, top] = [PLOT.left + (index % 3) * column, 46 + Math.floor(index / 3) * 18];
    const sign =
      marker === 'box'
        ? `<rect class="area${index}" x="${round(left)}" y="${top - 9}" width="11" height="11"/>`
        : `<path class="line${index}" stroke-dasharray="${DASHES[index]}" d="M${round(left)} ${top - 4}h28"/>`;
    return sign + text(left + (marker === 'box' ? 17 : 34), top + 1, name);
  });
  const parts = [
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    text(PLOT.left, 24, title, 'start', 'class="title"'),
    ...legend,
    ...shapes,
    text(middle, height - 14, x, 'middle'),
    text(0, 0, y, 'middle', `transform="translate(18 ${round((PLOT.top + bottom) / 2)}) rotate(-90)"`),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(`${title}: ${y} by ${x}`)}">
${STYLE}
${parts.join('\n')}
</svg>
`;
}

export function text(x: number, y: number, content: string, anchor = 'start', more = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${more && ` ${more}`}>${escaped(content)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, kind: string): string {
  return `<line class="${kind}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;
}

/** Maps values to places, each tenfold the same distance. */
export function logScale(values: readonly number[], from: number, to: number): (value: number) => number {
  const [least, most] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))];
  return (value) => from + ((Math.log10(value) - least) / (most - least || 1)) * (to - from);
}

/** 1, 2 and 5 times the powers of ten that enclose the values; only the powers if there are many. */
export function ticks(values: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const digits = most / least > 1_000 ? [1] : [1, 2, 5];
  const all: number[] = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.ceil(Math.log10(most)); power += 1)
    for (const digit of digits) all.push(Number((digit * 10 ** power).toPrecision(3)));
  const first = all.findLastIndex((tick) => tick <= least);
  const last = all.findIndex((tick) => tick >= most);
  return all.slice(Math.max(first, 0), last < 0 ? undefined : last + 1);
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(content: string): string {
  return content.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
