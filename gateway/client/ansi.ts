/** A stretch of a log with one look; `styles` are names of CSS classes. */
export interface StyledText {
  readonly text: string;
  readonly styles: readonly string[];
}

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** CSI and OSC sequences, other escapes, and control characters that a page has no use for. */
const ESCAPE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
  /\u001b\[([0-?]*)([ -/]*[@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[@-Z\\-_]?|[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f]|\r(?=\n)/g;

/** Splits text at its ANSI codes; the look goes on from `styles` and the last part's look goes on after it. */
export function styleAnsi(text: string, styles: readonly string[] = []): readonly StyledText[] {
  const parts: StyledText[] = [];
  let look = styles;
  let from = 0;
  for (const match of text.matchAll(ESCAPE)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), styles: look });
    from = match.index + match[0].length;
    if (match[2] === 'm') look = applyCodes(look, match[1] ?? '');
  }
  parts.push({ text: text.slice(from), styles: look });
  return parts;
}

function applyCodes(styles: readonly string[], codes: string): readonly string[] {
  const numbers = codes.split(/[;:]/).map(Number);
  let look = styles;
  for (let at = 0; at < numbers.length; at += 1) {
    const code = numbers[at] ?? 0;
    // 256 and true colours carry their own numbers along; we have 16.
    if (code === 38 || code === 48) at += numbers[at + 1] === 5 ? 2 : 4;
    else look = applyCode(look, code);
  }
  return look;
}

const WITHOUT: Readonly<Record<number, RegExp>> = {
  22: /^ansi-(bold|dim)$/,
  23: /^ansi-italic$/,
  24: /^ansi-underline$/,
  39: /^ansi-fg-/,
};

const WITH: Readonly<Record<number, string>> = {
  1: 'ansi-bold',
  2: 'ansi-dim',
  3: 'ansi-italic',
  4: 'ansi-underline',
};

function applyCode(styles: readonly string[], code: number): readonly string[] {
  if (code === 0) return [];
  const without = WITHOUT[code];
  if (without) return styles.filter((style) => !without.test(style));
  const added = WITH[code];
  if (added) return [...new Set([...styles, added])];
  const colour = COLOURS[code >= 90 ? code - 90 : code - 30];
  if (colour === undefined || code < 30) return styles;
  return [...styles.filter((style) => !style.startsWith('ansi-fg-')), `ansi-fg-${colour}`];
}
