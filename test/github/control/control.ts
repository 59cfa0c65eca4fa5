import type { Scene } from '../actions/emit.ts';
import {
  addComment,
  addLabels,
  createIssue,
  type NewIssue,
  removeLabel,
  setState,
} from '../actions/issues.ts';
import { type MergeRequest, mergePull } from '../actions/merge.ts';
import { type NewReview, submitReview } from '../actions/reviews.ts';
import { notFound } from '../http/errors.ts';
import { type FaultInput, faultSchema } from '../http/faults.ts';
import type { LedgerEntry, WriteEvent } from '../http/ledger.ts';
import { withPull } from '../http/route.ts';
import type { Hub } from '../hub.ts';
import type { Issue, Repo } from '../state/model.ts';
import { defaultSettings, type Settings, settingsSchema } from '../state/settings.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import { type EndState, endState } from './end-state.ts';
import {
  type OpenPullInput,
  openPulls,
  type PushInput,
  pushToBranch,
  pushToPull,
} from './pulls.ts';
import { applySeed, type SeedInput } from './seed.ts';

/** `ORG/REPO` and, where it matters, a number. */
export interface Place {
  readonly repo: string;
  readonly number: number;
}

/** A pull request that was opened. */
export interface OpenedPull {
  readonly number: number;
  readonly headSha: string;
  readonly baseSha: string;
  readonly branch: string;
  readonly url: string;
}

/** What a test does to GitHub from outside: people, faults, and looking at the result. */
export interface Control {
  reset(): Promise<void>;
  seed(seed: SeedInput): Promise<void>;
  settings(change: Partial<Settings>): Settings;
  openPull(repo: string, pull: OpenPullInput): Promise<OpenedPull>;
  openPulls(repo: string, pulls: readonly OpenPullInput[]): Promise<readonly OpenedPull[]>;
  openIssue(repo: string, author: string, issue: NewIssue): { readonly number: number };
  /** Puts a commit on a pull request's head branch; returns the new head. */
  push(place: Place, push: PushInput): Promise<string>;
  /** Puts a commit on a branch, behind everybody's back. */
  pushBranch(repo: string, branch: string, push: PushInput): Promise<string>;
  comment(place: Place, author: string, body: string): { readonly id: number };
  label(place: Place, author: string, change: LabelChange): readonly string[];
  review(place: Place, author: string, review: NewReview): { readonly id: number };
  setState(place: Place, author: string, state: 'open' | 'closed'): void;
  /** A person presses the merge button. */
  merge(place: Place, author: string, request: MergeRequest): Promise<string>;
  workflowRuns(repo: string, runs: readonly Record<string, unknown>[]): void;
  faults: {
    add(faults: readonly FaultInput[], seed?: number): void;
    clear(): void;
  };
  /** Every request since the last reset, oldest first. */
  ledger(): readonly LedgerEntry[];
  /** Everything that changed since then, by whichever way. */
  writes(): readonly WriteEvent[];
  resetLedger(): void;
  missing(): Readonly<Record<string, number>>;
  deliveries(): readonly Delivery[];
  redeliver(id: number): Delivery;
  /** Resolves when no delivery is under way. */
  idle(): Promise<void>;
  state(repo: string): EndState;
}

/** Labels to add and to remove. */
export interface LabelChange {
  readonly add?: readonly string[] | undefined;
  readonly remove?: readonly string[] | undefined;
}

function repoNamed(hub: Hub, name: string): Repo {
  const [owner = '', repo = ''] = name.split('/');
  return hub.findRepo(owner, repo) ?? notFound();
}

function at(hub: Hub, place: Place): { readonly repo: Repo; readonly issue: Issue } {
  const repo = repoNamed(hub, place.repo);
  return { repo, issue: repo.issues[place.number] ?? notFound() };
}

function people(hub: Hub): Pick<Control, 'comment' | 'label' | 'review' | 'setState' | 'merge'> {
  function enter(place: Place, author: string): { scene: Scene; issue: Issue } {
    const { repo, issue } = at(hub, place);
    hub.history.remember(repo);
    return { scene: { hub, repo, actor: hub.ensureUser(author) }, issue };
  }
  return {
    comment(place, author, body) {
      const { scene, issue } = enter(place, author);
      return { id: addComment(scene, issue, body).id };
    },
    label(place, author, change) {
      const { scene, issue } = enter(place, author);
      addLabels(scene, issue, change.add ?? []);
      for (const name of change.remove ?? []) removeLabel(scene, issue, name);
      return issue.labels;
    },
    review(place, author, review) {
      const { scene, issue } = enter(place, author);
      return { id: submitReview(scene, withPull(issue), review).id };
    },
    setState(place, author, state) {
      const { scene, issue } = enter(place, author);
      setState(scene, issue, state);
    },
    merge(place, author, request) {
      const { scene, issue } = enter(place, author);
      return mergePull(scene, withPull(issue), request);
    },
  };
}

function code(
  hub: Hub,
): Pick<Control, 'openPull' | 'openPulls' | 'openIssue' | 'push' | 'pushBranch' | 'workflowRuns'> {
  async function open(name: string, pulls: readonly OpenPullInput[]): Promise<OpenedPull[]> {
    const repo = repoNamed(hub, name);
    const issues = await openPulls(hub, repo, pulls);
    return issues.map(({ number, pull }) => ({
      number,
      headSha: pull.head.sha,
      baseSha: pull.base.sha,
      branch: pull.head.ref,
      url: `${hub.address.url}/${repo.owner}/${repo.name}/pull/${number}`,
    }));
  }
  return {
    openPulls: open,
    async openPull(name, pull) {
      const [opened] = await open(name, [pull]);
      return opened ?? notFound();
    },
    openIssue(name, author, input) {
      const repo = repoNamed(hub, name);
      return { number: createIssue({ hub, repo, actor: hub.ensureUser(author) }, input).number };
    },
    push: (place, push) => {
      const { repo } = at(hub, place);
      return pushToPull(hub, { repo, number: place.number }, push);
    },
    pushBranch: (name, branch, push) =>
      pushToBranch(hub, { repo: repoNamed(hub, name), branch }, push),
    workflowRuns(name, runs) {
      repoNamed(hub, name).workflowRuns = [...runs];
      hub.store.touch();
    },
  };
}

/** Everything that `/control/` does, for use inside the process. */
export function createControl(hub: Hub): Control {
  return {
    async reset() {
      hub.faults.clear();
      hub.history.clear();
      hub.ledger.reset();
      hub.deliveries.clear();
      hub.memos.clear();
      hub.budgets.clear();
      hub.secondary.clear();
      Object.assign(hub.settings, defaultSettings());
      await hub.store.reset();
    },
    seed: (seed) => applySeed(hub, seed),
    settings: (change) =>
      Object.assign(hub.settings, settingsSchema.parse({ ...hub.settings, ...change })),
    ...code(hub),
    ...people(hub),
    faults: {
      add: (faults, seed = 1) =>
        hub.faults.set(
          faults.map((fault) => faultSchema.parse(fault)),
          seed,
        ),
      clear: () => {
        hub.faults.clear();
        hub.history.clear();
      },
    },
    ledger: () => hub.ledger.entries(),
    writes: () => hub.ledger.writes(),
    resetLedger: () => hub.ledger.reset(),
    missing: () => hub.ledger.missing(),
    deliveries: () => hub.deliveries.all(),
    redeliver: (id) => hub.deliveries.redeliver(hub.deliveries.find(id) ?? notFound()),
    idle: () => hub.deliveries.idle(),
    state: (repo) => endState(repoNamed(hub, repo)),
  };
}
