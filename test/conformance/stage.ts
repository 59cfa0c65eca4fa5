import { Octokit } from '@octokit/rest';
import type { EndState } from '../github/control/end-state.ts';
import type { Names } from '../github/control/plain-text.ts';
import type { OpenPullInput, PushInput } from '../github/control/pulls.ts';
import type { GitHub } from '../github/server.ts';
import { until } from '../system/until.ts';
import { foldStates, POOL } from './fold-states.ts';
import { BOT, PEOPLE, tokenOf } from './people.ts';

type Review = Parameters<GitHub['control']['review']>[2];
type StatusState = 'pending' | 'success' | 'failure' | 'error';
type LabelChange = Parameters<GitHub['control']['label']>[2];

/** One repository and the people who work in it, as a scenario plays it. */
export interface Stage {
  open(pull: OpenPullInput): Promise<number>;
  /** Puts a commit on a pull request's head branch. */
  push(number: number, push: PushInput): Promise<void>;
  /** Puts a commit on a branch of the repository. */
  pushBranch(branch: string, push: PushInput): Promise<void>;
  say(number: number, who: string, text: string): Promise<void>;
  review(number: number, who: string, review: Review): Promise<void>;
  label(number: number, who: string, change: LabelChange): Promise<void>;
  /** Something beside the system writes a status at the head, in the name of the owner. */
  report(number: number, context: string, state: StatusState): Promise<void>;
  close(number: number, who: string): Promise<void>;
  reopen(number: number, who: string): Promise<void>;
  /** The owner points it at another branch, or puts it into a milestone by its number. */
  change(number: number, change: { base?: string; milestone?: number }): Promise<void>;
  state(): EndState;
  /** Until the pull request has all of these labels. */
  labelled(number: number, ...labels: readonly string[]): Promise<void>;
  unlabelled(number: number, ...labels: readonly string[]): Promise<void>;
  merged(...numbers: readonly number[]): Promise<void>;
  /** Until the bot has written so many comments that are still there. */
  answered(number: number, count: number): Promise<void>;
  /** Until a comment of the bot's contains this. */
  told(number: number, text: string): Promise<void>;
  /** Until no comment of the bot's contains this any more. */
  withdrawn(number: number, text: string): Promise<void>;
  /** Until the newest status of a context at the head is this one. */
  status(number: number, context: string, state: string): Promise<void>;
  /** Until runs of a context have ended so often at the head. */
  ended(number: number, context: string, times: number): Promise<void>;
  /** Until the newest status of a context at the tip of a branch is this one. */
  branchStatus(branch: string, context: string, state: string): Promise<void>;
  /** Until the newest status of the merge pool at the head says one of these; a piece of it is enough. */
  pool(number: number, ...texts: readonly string[]): Promise<void>;
}

/** A machine that has more to do makes Prow slow. */
const PATIENCE_MS = 120_000;
/** Prow's words follow what changed in the last half minute, and neither a status nor a conflict is a change to it. */
const NUDGE = 'nudge';
const NUDGE_MS = 20_000;

/** A stage on an emulated GitHub; `names` fills as commits are made. */
export function stageOn(
  { control, url }: GitHub,
  repo: string,
): { readonly stage: Stage; readonly names: Names } {
  const names = new Map<string, string>();
  const pushes = new Map<string, number>();
  const nameNext = (place: string, sha: string): void => {
    const count = (pushes.get(place) ?? 0) + 1;
    pushes.set(place, count);
    names.set(sha, `commit ${count} of ${place}`);
  };
  for (const [branch, sha] of Object.entries(control.state(repo).branches)) {
    names.set(sha, `start of ${branch}`);
  }
  const at = (number: number) => ({ repo, number });
  const issue = (number: number) => control.state(repo).issues[String(number)];
  const written = (number: number) =>
    (issue(number)?.comments ?? []).filter(({ author }) => author === BOT);
  const statusOf = (number: number, context: string) =>
    control.state(repo).newest[issue(number)?.head ?? '']?.[context];
  const wait = async (what: string, look: () => boolean): Promise<void> =>
    void (await until(`${what} in ${repo}`, PATIENCE_MS, look).catch((error: unknown) => {
      throw new Error(`${String(error)}; it is ${JSON.stringify(control.state(repo), null, 1)}`);
    }));
  const [org = '', name = ''] = repo.split('/');
  const home = { owner: org, repo: name };
  const owner = new Octokit({ baseUrl: url, auth: tokenOf(PEOPLE.owner) });
  const stage: Stage = {
    async open(pull) {
      const { number, headSha } = await control.openPull(repo, pull);
      nameNext(`#${number}`, headSha);
      return number;
    },
    push: async (number, push) => nameNext(`#${number}`, await control.push(at(number), push)),
    pushBranch: async (branch, push) =>
      nameNext(branch, await control.pushBranch(repo, branch, push)),
    say: async (number, who, text) => void control.comment(at(number), who, text),
    review: async (number, who, review) => void control.review(at(number), who, review),
    label: async (number, who, change) => void control.label(at(number), who, change),
    report: async (number, context, state) => {
      const sha = issue(number)?.head ?? '';
      await owner.rest.repos.createCommitStatus({ ...home, sha, context, state });
    },
    close: async (number, who) => control.setState(at(number), who, 'closed'),
    reopen: async (number, who) => control.setState(at(number), who, 'open'),
    change: async (number, { base, milestone }) => {
      if (base !== undefined) await owner.rest.pulls.update({ ...home, pull_number: number, base });
      if (milestone !== undefined) {
        await owner.rest.issues.update({ ...home, issue_number: number, milestone });
      }
    },
    state: () => control.state(repo),
    labelled: (number, ...labels) =>
      wait(`#${number} to have ${labels.join(', ')}`, () =>
        labels.every((label) => issue(number)?.labels.includes(label)),
      ),
    unlabelled: (number, ...labels) =>
      wait(
        `#${number} to lose ${labels.join(', ')}`,
        () => !labels.some((label) => issue(number)?.labels.includes(label)),
      ),
    merged: (...numbers) =>
      wait(`${numbers.map((number) => `#${number}`).join(', ')} to be merged`, () =>
        numbers.every((number) => issue(number)?.merged),
      ),
    answered: (number, count) =>
      wait(`${count} comments of the bot on #${number}`, () => written(number).length >= count),
    told: (number, text) =>
      wait(`"${text}" on #${number}`, () =>
        written(number).some(({ body }) => body.includes(text)),
      ),
    withdrawn: (number, text) =>
      wait(
        `"${text}" to go from #${number}`,
        () => !written(number).some(({ body }) => body.includes(text)),
      ),
    status: (number, context, state) =>
      wait(`${context} of #${number} to be ${state}`, () =>
        Boolean(statusOf(number, context)?.state === state),
      ),
    ended: (number, context, times) =>
      wait(`${context} of #${number} to end ${times} times`, () => {
        const states = control.state(repo).statuses[issue(number)?.head ?? '']?.[context] ?? [];
        return foldStates(states).filter((state) => state !== 'pending').length >= times;
      }),
    branchStatus: (branch, context, state) =>
      wait(`${context} of ${branch} to be ${state}`, () => {
        const { branches, newest } = control.state(repo);
        return newest[branches[branch] ?? '']?.[context]?.state === state;
      }),
    pool: (number, ...texts) => {
      let nudged = performance.now();
      return wait(`the pool to say "${texts.join('" or "')}" of #${number}`, () => {
        const said = statusOf(number, POOL)?.description;
        if (said !== undefined && texts.some((text) => said.includes(text))) return true;
        if (performance.now() - nudged > NUDGE_MS) {
          nudged = performance.now();
          control.label(at(number), PEOPLE.owner, { add: [NUDGE] });
          control.label(at(number), PEOPLE.owner, { remove: [NUDGE] });
        }
        return false;
      });
    },
  };
  return { stage, names };
}
