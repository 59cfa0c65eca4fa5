/** Both ends belong to the range. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** How a text stands for numbers: the first and the last that it may mean (`2026-01-02` is a whole day). */
type Span = (text: string) => Range;

const COMPARISON = /^(>=|<=|>|<)(.*)$/;

function rangeOf(text: string, span: Span): Range {
  const [, sign, rest = ''] = COMPARISON.exec(text) ?? [];
  if (sign !== undefined) return beyond(sign, span(rest));
  const [low = '', high] = text.split('..');
  if (high === undefined) return span(low);
  return {
    from: low === '*' ? Number.NEGATIVE_INFINITY : span(low).from,
    to: high === '*' ? Number.POSITIVE_INFINITY : span(high).to,
  };
}

function beyond(sign: string, { from, to }: Range): Range {
  switch (sign) {
    case '>=':
      return { from, to: Number.POSITIVE_INFINITY };
    case '>':
      return { from: to + 1, to: Number.POSITIVE_INFINITY };
    case '<=':
      return { from: Number.NEGATIVE_INFINITY, to };
    default:
      return { from: Number.NEGATIVE_INFINITY, to: from - 1 };
  }
}

const DAY_SECONDS = 86_400;

/** GitHub's dates count in seconds. */
function seconds(text: string): Range {
  const from = Math.floor(Date.parse(text) / 1000);
  return { from, to: /^\d{4}-\d{2}-\d{2}$/.test(text) ? from + DAY_SECONDS - 1 : from };
}

function count(text: string): Range {
  return { from: Number(text), to: Number(text) };
}

function within(value: number, { from, to }: Range): boolean {
  return value >= from && value <= to;
}

/** Whether a time lies in a range such as `2026-01-01..*` or `>=2026-01-01T10:00:00Z`. */
export function isTimeIn(time: string, range: string): boolean {
  return within(Math.floor(Date.parse(time) / 1000), rangeOf(range, seconds));
}

/** Whether a number lies in a range such as `>3` or `1..5`. */
export function isCountIn(number: number, range: string): boolean {
  return within(number, rangeOf(range, count));
}
