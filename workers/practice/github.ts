import { z } from 'zod';
import { PEOPLE, PRACTICE, REPOSITORY_FILES } from './repository.ts';

const opened = z.object({ number: z.number(), headSha: z.string() });
const pull = z.object({
  number: z.number(),
  state: z.string(),
  merged: z.boolean(),
  head: z.object({ sha: z.string() }),
  labels: z.array(z.object({ name: z.string() })),
});
const combined = z.object({
  statuses: z.array(
    z.object({ context: z.string(), state: z.string(), target_url: z.string().nullable() }),
  ),
});

/** A pull request, as the emulator shows it. */
export type PracticePull = z.output<typeof pull>;

/** What the play does to the emulator: people's part, and looking. */
export interface PracticeGitHub {
  readonly url: string;
  /** Page of the practice repository. */
  readonly home: string;
  seed(hook: {
    readonly url: string;
    readonly secret: string;
    readonly token: string;
  }): Promise<void>;
  openPull(title: string, files: Readonly<Record<string, string>>): Promise<number>;
  say(number: number, who: string, text: string): Promise<void>;
  pull(number: number): Promise<PracticePull>;
  /** State of each context at the head. */
  statuses(sha: string): Promise<ReadonlyMap<string, { state: string; url: string }>>;
  pageOf(number: number): string;
}

/** The practice GitHub at an address. */
export function practiceGitHub(url: string): PracticeGitHub {
  const name = `${PRACTICE.org}/${PRACTICE.repo}`;
  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, {
      ...(body === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(`the emulator answered ${answer.status} to ${path}`);
    return answer.json();
  };
  return {
    url,
    home: `${url}/${name}`,
    seed: async (hook) => void (await ask('/control/seed', seedOf(hook))),
    openPull: async (title, files) => {
      const made = await ask(`/control/repos/${name}/pulls`, {
        author: PEOPLE.author,
        title,
        body: 'Opened by the play.',
        files,
      });
      return opened.parse(made).number;
    },
    say: async (number, author, body) =>
      void (await ask(`/control/repos/${name}/issues/${number}/comments`, { author, body })),
    pull: async (number) => pull.parse(await ask(`/repos/${name}/pulls/${number}`)),
    statuses: async (sha) => {
      const { statuses } = combined.parse(await ask(`/repos/${name}/commits/${sha}/status`));
      return new Map(
        statuses.map(({ context, state, target_url }) => [
          context,
          { state, url: target_url ?? '' },
        ]),
      );
    },
    pageOf: (number) => `${url}/${name}/pull/${number}`,
  };
}

function seedOf({ url, secret, token }: Parameters<PracticeGitHub['seed']>[0]) {
  const { author, reviewer, owner, bot } = PEOPLE;
  return {
    users: [author, reviewer, owner, { login: bot, type: 'Bot' }],
    tokens: { [token]: bot },
    orgs: { [PRACTICE.org]: { members: [author, reviewer, bot], admins: [owner] } },
    repos: [
      {
        name: `${PRACTICE.org}/${PRACTICE.repo}`,
        files: REPOSITORY_FILES,
        collaborators: { [reviewer]: 'write', [owner]: 'admin', [bot]: 'admin', [author]: 'write' },
        hooks: [{ url, secret }],
      },
    ],
  };
}
