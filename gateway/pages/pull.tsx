import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type DecisionRecord, listDecisions } from '../../activities/database/decisions.ts';
import type { PullRequestKey } from '../../activities/database/open-heads.ts';
import { readPool } from '../../activities/database/pools.ts';
import { readPullRequest } from '../../activities/database/pull-requests.ts';
import { listRuns, type RunSummary } from '../../activities/database/runs.ts';
import { ids } from '../../workflows/contract.ts';
import { baseShaOf, withoutBaseSha } from '../../workflows/domain/base-sha-status.ts';
import { causeInWords } from '../../workflows/domain/cause-words.ts';
import type { PageDependencies } from '../dependencies.ts';
import { NotFound } from '../http/errors.ts';
import {
  type ShownMember,
  type ShownPullRequest,
  shownCauses,
  shownPool,
  shownPullRequest,
  shownReasons,
} from '../records.ts';
import type { RenderPage } from './layout.tsx';
import {
  Live,
  type OutsideLinks,
  Requirements,
  Sha,
  State,
  Time,
  WorkflowLink,
  webAddress,
} from './parts.tsx';
import { RunTable } from './runs.tsx';
import { Contexts } from './tide.tsx';

const params = z.object({
  org: z.string().max(100),
  repo: z.string().max(100),
  number: z.coerce.number().int().positive().max(2_147_483_647),
});

/** `/pull/ORG/REPO/NUMBER`: what a pull request still needs, its runs, what was decided and why. */
export function servePull(app: FastifyInstance, deps: PageDependencies, render: RenderPage) {
  app.get('/pull/:org/:repo/:number', async (request, reply) => {
    const asked = params.safeParse(request.params);
    if (!asked.success) throw new NotFound('That is no pull request: /pull/ORG/REPO/NUMBER.');
    const shown = await readAll(deps, asked.data);
    const { org, repo, number } = asked.data;
    const key = `${org}/${repo}/${number}`.toLowerCase();
    const head = {
      title: `#${number} ${shown.pull.title}`,
      section: 'pulls',
      topics: [`pull-request:${key}`, `decision:pr/${key}`, poolTopic(asked.data, shown.pull)],
    } as const;
    const content = <PullRequest of={asked.data} shown={shown} links={deps.links} />;
    return reply.type('text/html; charset=utf-8').send(render(head, content));
  });
}

function poolTopic({ org, repo }: PullRequestKey, { baseRef }: ShownPullRequest): string {
  return `pool:${org}/${repo}/${baseRef}`.toLowerCase();
}

interface Shown {
  readonly pull: ShownPullRequest;
  readonly changedAt: string;
  readonly member: ShownMember | undefined;
  readonly runs: readonly RunSummary[];
  readonly decisions: readonly DecisionRecord[];
}

async function readAll({ database }: PageDependencies, key: PullRequestKey): Promise<Shown> {
  const [row, runs, decisions] = await Promise.all([
    readPullRequest(database, key),
    listRuns(database, key, { limit: 50 }),
    listDecisions(database, ids.pullRequest(key, key.number), { limit: 30 }),
  ]);
  if (row === undefined) {
    throw new NotFound(
      `Nothing has happened on ${key.org}/${key.repo}#${key.number} since it came under Bowsprit.`,
    );
  }
  const pull = shownPullRequest(row.record);
  const pool = await readPool(database, { ...key, branch: pull.baseRef });
  const inPool = pool && shownPool(pool.snapshot).members.find((m) => m.number === key.number);
  const member = pull.state === 'open' ? (inPool ?? pull.member) : undefined;
  return { pull, changedAt: row.changedAt, member, runs, decisions };
}

interface PullProps {
  readonly of: PullRequestKey;
  readonly shown: Shown;
  readonly links: OutsideLinks;
}

function PullRequest({ of, shown, links }: PullProps) {
  const { pull, runs, decisions } = shown;
  return (
    <Live id="pull">
      <h1>
        #{of.number} {pull.title}
      </h1>
      <Outline of={of} shown={shown} links={links} />
      <Standing shown={shown} />
      <h2>Runs</h2>
      <RunTable runs={runs} />
      <Statuses pull={pull} />
      <h2>Decisions</h2>
      {decisions.length === 0 ? <p class="none">None yet.</p> : null}
      <ol class="decisions">
        {decisions.map((decision) => (
          <Decision decision={decision} />
        ))}
      </ol>
    </Live>
  );
}

function Outline({ of, shown: { pull, changedAt }, links }: PullProps) {
  const labels = Object.entries(pull.labels).filter(([, { present }]) => present);
  const github =
    webAddress(pull.htmlUrl) ?? `${links.githubUrl}/${of.org}/${of.repo}/pull/${of.number}`;
  return (
    <dl class="outline">
      <dt>State</dt>
      <dd>{pull.merged ? 'merged' : `${pull.state}${pull.draft ? ', draft' : ''}`}</dd>
      <dt>Author</dt>
      <dd>{pull.author}</dd>
      <dt>Branch</dt>
      <dd>
        {pull.headRef} <Sha sha={pull.headSha} /> into {pull.baseRef}
      </dd>
      <dt>Labels</dt>
      <dd class="labels">
        {labels.length === 0 ? '–' : labels.map(([name]) => <span class="label">{name}</span>)}
      </dd>
      <dt>As of</dt>
      <dd>
        <Time at={changedAt} />
      </dd>
      <dt>Links</dt>
      <dd class="links">
        <a href={github}>GitHub</a>
        <WorkflowLink links={links} id={ids.pullRequest(of, of.number)} />
        <a href="/tide">Merge pool</a>
      </dd>
    </dl>
  );
}

function Standing({ shown: { pull, member } }: { readonly shown: Shown }) {
  if (pull.merged) return <p class="standing">It is merged.</p>;
  if (pull.state === 'closed') return <p class="standing">It is closed.</p>;
  return (
    <section class="standing" aria-labelledby="needs">
      <h2 id="needs">{member?.eligible ? 'Ready to merge' : 'What it still needs'}</h2>
      {member ? (
        <>
          <p class="explanation">{member.explanation}</p>
          <Requirements of={member.requirements} />
          <Contexts member={member} />
        </>
      ) : (
        <p>No merge query of the configuration is for this branch, or it was not looked at yet.</p>
      )}
    </section>
  );
}

function Statuses({ pull }: { readonly pull: ShownPullRequest }) {
  const statuses = Object.entries(pull.statuses);
  if (statuses.length === 0) return null;
  return (
    <>
      <h2>Statuses on GitHub</h2>
      <ul class="statuses">
        {statuses.map(([context, { state, description, targetUrl }]) => (
          <li>
            <State state={state} />{' '}
            {webAddress(targetUrl) ? <a href={targetUrl}>{context}</a> : context}{' '}
            <small>
              {withoutBaseSha(description)} <Base of={baseShaOf(description)} />
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}

function Base({ of }: { readonly of: string }) {
  if (of === '') return null;
  return (
    <>
      on <Sha sha={of} />
    </>
  );
}

function Decision({ decision }: { readonly decision: DecisionRecord }) {
  const reasons = shownReasons(decision.reasons);
  return (
    <li>
      <p>
        <Time at={decision.at} />{' '}
        {shownCauses(decision.events).map(({ key, sender }) => (
          <>
            <span title={key}>{causeInWords(key)}</span>
            {sender ? ` by ${sender}` : null}{' '}
          </>
        ))}
      </p>
      <ul>
        {reasons.length === 0 ? <li class="none">Nothing to do.</li> : null}
        {reasons.map(({ plugin, reason, effect }) => (
          <li>
            {plugin ? <strong>{plugin}: </strong> : null}
            {reason} {effect ? <em>{effect}</em> : null}
          </li>
        ))}
      </ul>
    </li>
  );
}
