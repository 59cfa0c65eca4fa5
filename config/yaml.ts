import type { Document, ParsedNode, ScalarTag, Tags } from 'yaml';
import { Composer, isNode, LineCounter, Parser } from 'yaml';

/** A text that is no YAML. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
  readonly line: number | undefined;

  constructor(message: string, line: number | undefined) {
    super(message);
    this.line = line;
  }
}

// In place of the library's own for YAML 1.1, which takes a lone dot for a number.
const FLOAT: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^[-+]?(?:\d[\d_]*\.[\d_]*|\.\d[\d_]*)$/,
  resolve: (text) => Number.parseFloat(text.replaceAll('_', '')),
};

/**
 * Reads the first document of a text as Prow's loader does (YAML 1.1: `yes`, `on` and `0400` are not text; a
 * later key replaces an earlier one), except that dates and times of day stay text, as they do there.
 * Keys without a value are left out: in Prow's files `null` means "as if not written".
 * @throws YamlError
 */
export function parseYaml(text: string): unknown {
  return withoutNulls(parseYamlWithNulls(text), new Set());
}

/**
 * As `parseYaml`, but keys without a value stay, as `null`.
 * @throws YamlError
 */
export function parseYamlWithNulls(text: string): unknown {
  const document = firstDocument(text);
  if (document === undefined) return undefined;
  const [error] = document.errors;
  if (error !== undefined) throw new YamlError(oneLine(error.message), error.linePos?.[0].line);
  try {
    return document.toJS({ maxAliasCount: 10_000 });
  } catch (error) {
    throw new YamlError(error instanceof Error ? error.message : String(error), undefined);
  }
}

/** Finds the line, counted from 1, on which the deepest existing part of a path stands. */
export type LineFinder = (path: readonly PropertyKey[]) => number | undefined;

/** Reads a text once more, this time to answer where its parts stand. */
export function createLineFinder(text: string): LineFinder {
  const lines = new LineCounter();
  const document = firstDocument(text, lines);
  return (path) => {
    for (let depth = path.length; document !== undefined && depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return undefined;
  };
}

function firstDocument(text: string, lines?: LineCounter): Document<ParsedNode> | undefined {
  const composer = new Composer({
    version: '1.1',
    merge: true,
    uniqueKeys: false,
    customTags: prowTags,
    ...(lines === undefined ? {} : { lineCounter: lines }),
  });
  const counter = lines ?? new LineCounter();
  const tokens = new Parser(counter.addNewLine).parse(text);
  const [document] = composer.compose(tokens, true, text.length);
  for (const error of document?.errors ?? []) {
    error.linePos ??= [counter.linePos(error.pos[0])];
  }
  return document;
}

function prowTags(tags: Tags): Tags {
  const kept = tags.filter(
    (tag) => typeof tag === 'string' || !isScalarTag(tag) || !(isTime(tag) || takesDot(tag)),
  );
  return [...kept, FLOAT];
}

function isScalarTag(tag: object): tag is ScalarTag {
  return 'test' in tag;
}

function isTime({ tag, format }: ScalarTag): boolean {
  return tag === 'tag:yaml.org,2002:timestamp' || format === 'TIME';
}

function takesDot({ test }: ScalarTag): boolean {
  return test?.test('.') ?? false;
}

function withoutNulls(value: unknown, seen: Set<object>): unknown {
  if (typeof value !== 'object' || value === null || seen.has(value)) return value;
  seen.add(value);
  if (Array.isArray(value)) {
    for (const item of value) withoutNulls(item, seen);
    return value;
  }
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    if (record[key] === null) delete record[key];
    else withoutNulls(record[key], seen);
  }
  return value;
}

function oneLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
