import type { FastifyInstance } from 'fastify';
import { listMergeHistory, type MergeRecord } from '../../activities/database/merge-history.ts';
import { listPools, type PoolRecord } from '../../activities/database/pools.ts';
import { ids } from '../../workflows/contract.ts';
import type { PageDependencies } from '../dependencies.ts';
import { type ShownMember, type ShownPool, shownMergeEntry, shownPool } from '../records.ts';
import type { RenderPage } from './layout.tsx';
import { Live, type OutsideLinks, Requirements, Sha, State, Time, WorkflowLink } from './parts.tsx';

const HISTORY = 50;

/** `/tide`: what merges next, in which order, and why the others do not. */
export function serveTide(app: FastifyInstance, deps: PageDependencies, render: RenderPage) {
  const { database, links } = deps;
  app.get('/tide', async (_request, reply) => {
    const [pools, history] = await Promise.all([
      listPools(database),
      listMergeHistory(database, {}, { limit: HISTORY }),
    ]);
    const head = { title: 'Merge pools', section: 'tide', topics: ['pool', 'merge'] } as const;
    const content = (
      <>
        <h1>Merge pools</h1>
        <Live id="pools">
          {pools.length === 0 ? (
            <p class="none">No pool yet: no pull request has come near merging.</p>
          ) : null}
          {pools.map((pool) => (
            <Pool pool={pool} links={links} />
          ))}
          <History records={history} />
        </Live>
      </>
    );
    return reply.type('text/html; charset=utf-8').send(render(head, content));
  });
  app.get('/tide-history', async (_request, reply) => reply.redirect('/tide#history', 302));
}

interface PoolProps {
  readonly pool: PoolRecord;
  readonly links: OutsideLinks;
}

function Pool({ pool, links }: PoolProps) {
  const { org, repo, branch } = pool;
  const shown = shownPool(pool.snapshot);
  const ready = shown.members.filter(({ eligible }) => eligible);
  const waiting = shown.members.filter(({ eligible }) => !eligible);
  return (
    <section class="pool" aria-label={`${org}/${repo} ${branch}`}>
      <h2>
        {org}/{repo} <small>{branch}</small>
      </h2>
      <Action pool={pool} shown={shown} />
      <p class="links">
        <WorkflowLink links={links} id={ids.pool({ org, repo }, branch)} />
      </p>
      <Batches pool={pool} shown={shown} />
      <h3>In the pool, in order ({ready.length})</h3>
      <Members pool={pool} members={ready} ordered />
      <h3>Not yet ({waiting.length})</h3>
      <Members pool={pool} members={waiting} />
    </section>
  );
}

function Action({ pool, shown }: { readonly pool: PoolRecord; readonly shown: ShownPool }) {
  return (
    <p class="action">
      <strong class={`action-${shown.action.toLowerCase()}`}>{shown.action || 'WAIT'}</strong>{' '}
      {shown.target.map((number) => (
        <>
          <PullLink pool={pool} number={number} />{' '}
        </>
      ))}
      {shown.reason} {shown.error ? <strong class="error">{shown.error}</strong> : null}
      <small>
        {' '}
        base <Sha sha={shown.baseSha} />, <Time at={shown.updatedAt || pool.changedAt} />
      </small>
    </p>
  );
}

interface Place {
  readonly org: string;
  readonly repo: string;
}

function PullLink({ pool, number }: { readonly pool: Place; readonly number: number }) {
  return <a href={`/pull/${pool.org}/${pool.repo}/${number}`}>#{number}</a>;
}

function Batches({ pool, shown }: { readonly pool: PoolRecord; readonly shown: ShownPool }) {
  return (
    <>
      {shown.batches.map((batch) => (
        <div class="batch">
          <h3>
            Batch <State state={batch.state} />
          </h3>
          <p>
            {batch.pulls.map(({ number }) => (
              <>
                <PullLink pool={pool} number={number} />{' '}
              </>
            ))}
            on <Sha sha={batch.baseSha} />
          </p>
          <ul>
            {Object.entries(batch.runs).map(([context, run]) => (
              <li>
                <State state={run.state} /> <a href={`/runs/${run.uuid}`}>{context}</a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </>
  );
}

interface MembersProps {
  readonly pool: Place;
  readonly members: readonly ShownMember[];
  readonly ordered?: boolean;
}

function Members({ pool, members, ordered }: MembersProps) {
  if (members.length === 0) return <p class="none">None.</p>;
  return (
    <ol class={ordered ? 'members' : 'members unordered'}>
      {members.map((member) => (
        <li>
          <p>
            <PullLink pool={pool} number={member.number} /> {member.title}{' '}
            <small>
              by {member.author}, <Sha sha={member.headSha} />
            </small>
          </p>
          <p class="explanation">{member.explanation}</p>
          <Requirements of={member.requirements.filter(({ met }) => !met)} />
          <Contexts member={member} />
        </li>
      ))}
    </ol>
  );
}

/** The required contexts of a member, each with where it stands. */
export function Contexts({ member }: { readonly member: ShownMember }) {
  return (
    <ul class="contexts">
      {member.contexts.map(({ context, job, state }) => {
        const run = member.unfinished.find((each) => each.job === job);
        return (
          <li>
            <State state={state} /> {run ? <a href={`/runs/${run.uuid}`}>{context}</a> : context}
          </li>
        );
      })}
    </ul>
  );
}

function History({ records }: { readonly records: readonly MergeRecord[] }) {
  return (
    <section aria-labelledby="history">
      <h2 id="history">What the pools did</h2>
      {records.length === 0 ? <p class="none">Nothing yet.</p> : null}
      <table class="cards">
        <thead>
          <tr>
            {['Time', 'Pool', 'Action', 'Pull requests', 'Base', 'Error'].map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <HistoryRow record={record} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function HistoryRow({ record }: { readonly record: MergeRecord }) {
  const entry = shownMergeEntry(record.record);
  return (
    <tr>
      <td data-label="Time">
        <Time at={record.at} />
      </td>
      <td data-label="Pool">
        {record.org}/{record.repo} {record.branch}
      </td>
      <td data-label="Action">{entry.action}</td>
      <td data-label="Pull requests">
        {entry.target.map(({ number, title }) => (
          <span title={title}>
            <PullLink pool={record} number={number} />{' '}
          </span>
        ))}
      </td>
      <td data-label="Base">
        <Sha sha={entry.baseSha} />
      </td>
      <td data-label="Error">{entry.error || '–'}</td>
    </tr>
  );
}
