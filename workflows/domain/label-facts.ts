import type { LabelFact, PullRequestRecord } from './record.ts';

/**
 * How long after our own write of a label a snapshot may still lag behind it: GitHub's read lag (5 s) and
 * clocks that differ.
 */
const SNAPSHOT_GUARD_MS = 10_000;

/** The names of the labels that are there. */
export function presentLabels(record: PullRequestRecord): ReadonlySet<string> {
  return new Set(
    Object.entries(record.labels)
      .filter(([, fact]) => fact.present)
      .map(([name]) => name),
  );
}

/**
 * The record after a `labeled` or `unlabeled` event: the later one wins. Two contradicting events of the
 * same second leave the labels to be read from GitHub.
 */
export function withLabelEvent(
  record: PullRequestRecord,
  label: string,
  present: boolean,
  at: string,
): PullRequestRecord {
  const known = record.labels[label];
  if (known !== undefined && timeOf(known.at) > timeOf(at)) return record;
  const contradicted =
    known !== undefined && timeOf(known.at) === timeOf(at) && known.present !== present;
  return {
    ...withFact(record, label, { present, at }),
    labelsComplete: record.labelsComplete && !contradicted,
  };
}

/**
 * The record after GitHub said what labels are there: in answer to a read, or to our own write of `written`.
 * Answers to writes that went side by side come in any order, so about the others an equally old one is not
 * believed against what is known.
 */
export function withLabelsRead(
  record: PullRequestRecord,
  names: readonly string[],
  { at, written }: { readonly at: string; readonly written?: string },
): PullRequestRecord {
  const there = new Set(names);
  const all = new Set([...names, ...Object.keys(record.labels)]);
  const labels: Record<string, LabelFact> = { ...record.labels };
  for (const name of all) {
    const present = there.has(name);
    const known = labels[name];
    if (known?.wished === true) continue;
    const isNews = known === undefined || timeOf(at) > timeOf(known.at);
    if (name === written || (known?.present !== present && isNews)) {
      labels[name] = evidence(known, present, at);
    }
  }
  return { ...record, labels, labelsComplete: true };
}

/**
 * The record after an event that carried all labels as of `at`: believed label by label, but not against
 * evidence that is as young.
 */
export function withLabelSnapshot(
  record: PullRequestRecord,
  names: readonly string[] | undefined,
  at: string,
): PullRequestRecord {
  if (names === undefined || at === '') return record;
  const there = new Set(names);
  const labels: Record<string, LabelFact> = { ...record.labels };
  for (const name of new Set([...names, ...Object.keys(labels)])) {
    const known = labels[name];
    const present = there.has(name);
    if (known?.present === present || known?.wished === true) continue;
    if (known === undefined || isClearlyLater(at, known.at)) {
      labels[name] = evidence(known, present, at);
    }
  }
  return { ...record, labels };
}

function isClearlyLater(at: string, known: string): boolean {
  return timeOf(at) > timeOf(known) + SNAPSHOT_GUARD_MS;
}

/** Milliseconds of an ISO time, with or without fractions; what has no time is older than everything. */
export function timeOf(at: string): number {
  return at === '' ? Number.NEGATIVE_INFINITY : Date.parse(at);
}

function evidence(known: LabelFact | undefined, present: boolean, at: string): LabelFact {
  return { present, at, ...(known?.order === undefined ? {} : { order: known.order }) };
}

/** The record with one label as somebody ordered it; `order` is the order's place in time. */
export function withLabelOrdered(
  record: PullRequestRecord,
  label: string,
  fact: LabelFact,
): PullRequestRecord {
  return withFact(record, label, fact);
}

function withFact(record: PullRequestRecord, label: string, fact: LabelFact): PullRequestRecord {
  const order = fact.order ?? record.labels[label]?.order;
  const complete: LabelFact = order === undefined ? fact : { ...fact, order };
  return { ...record, labels: { ...record.labels, [label]: complete } };
}
