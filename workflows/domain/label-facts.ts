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
  if (known !== undefined && known.at > at) return record;
  const contradicted = known !== undefined && known.at === at && known.present !== present;
  return {
    ...withFact(record, label, { present, at }),
    labelsComplete: record.labelsComplete && !contradicted,
  };
}

/** The record after our own write, which GitHub answered with all labels that are there now. */
export function withLabelsRead(
  record: PullRequestRecord,
  names: readonly string[],
  at: string,
): PullRequestRecord {
  const there = new Set(names);
  const all = new Set([...names, ...Object.keys(record.labels)]);
  const labels: Record<string, LabelFact> = { ...record.labels };
  for (const name of all) {
    const present = there.has(name);
    if (labels[name]?.present !== present) labels[name] = { ...labels[name], present, at };
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
    if (known?.present === present) continue;
    if (known === undefined || isClearlyLater(at, known.at)) {
      labels[name] = { ...known, present, at };
    }
  }
  return { ...record, labels };
}

function isClearlyLater(at: string, known: string): boolean {
  return Date.parse(at) > Date.parse(known) + SNAPSHOT_GUARD_MS;
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
