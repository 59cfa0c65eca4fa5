import type { FastifyInstance } from 'fastify';
import {
  type ConfigEvent,
  type ConfigWorker,
  listConfigEvents,
  listConfigWorkers,
  readConfigState,
} from '../../activities/database/config-state.ts';
import { ids } from '../../workflows/contract.ts';
import { lossText } from '../../workflows/domain/config-offer.ts';
import { placeOfProblem, type ShownConfig, shownConfig } from '../config-records.ts';
import type { PageDependencies } from '../dependencies.ts';
import type { RenderPage } from './layout.tsx';
import { Live, Time, WorkflowLink } from './parts.tsx';

/** `/configuration`: which one is active and since when, what was refused and why, what waits for a person. */
export function serveConfiguration(
  app: FastifyInstance,
  { database, links }: PageDependencies,
  render: RenderPage,
) {
  app.get('/configuration', async (_request, reply) => {
    const [state, workers, events] = await Promise.all([
      readConfigState(database),
      listConfigWorkers(database),
      listConfigEvents(database),
    ]);
    const config = shownConfig(state);
    const head = { title: 'Configuration', section: 'configuration', topics: ['config'] } as const;
    const content = (
      <>
        <h1>Configuration</h1>
        <Live id="configuration">
          <Active config={config} />
          <p class="links">
            <WorkflowLink links={links} id={ids.config} />
          </p>
          <Held config={config} />
          <Refused config={config} />
          <Workers workers={workers} config={config} />
          <Audit events={events} />
        </Live>
      </>
    );
    return reply.type('text/html; charset=utf-8').send(render(head, content));
  });
}

interface Shown {
  readonly config: ShownConfig;
}

function Active({ config }: Shown) {
  const active = config.activations.at(-1);
  if (active === undefined) {
    return <p class="none">None is active yet: no worker has offered one that is good.</p>;
  }
  return (
    <dl>
      <dt>Active</dt>
      <dd>
        number <strong>{active.number}</strong>, <Hash hash={active.hash} />
      </dd>
      <dt>Since</dt>
      <dd>
        <Time at={active.at} />
      </dd>
      <dt>By</dt>
      <dd>
        {active.by || 'a worker'}
        {active.why === '' ? null : `: ${active.why}`}
      </dd>
    </dl>
  );
}

function Held({ config: { held } }: Shown) {
  if (held === undefined) return null;
  const { offer, since, jobs, repositories } = held;
  const short = offer.hash.slice(0, 12);
  return (
    <section aria-label="Held back">
      <h2>Held back</h2>
      <p>
        <Hash hash={offer.hash} />, offered by {offer.worker}, waits since <Time at={since} />: it
        drops {lossText('jobs', jobs)} and {lossText('repositories', repositories)}, and more than{' '}
        {Math.round(offer.dropLimit * 1000) / 10} % is for a person to confirm. What is active stays
        until then.
      </p>
      <p>
        <code>bowsprit config confirm {short}</code> or <code>bowsprit config reject {short}</code>
      </p>
      <Names title="Repositories that it drops" of={repositories} />
      <Names title="Jobs that it drops" of={jobs} />
    </section>
  );
}

function Names({
  title,
  of,
}: {
  readonly title: string;
  readonly of: { readonly dropped: number; readonly names: readonly string[] };
}) {
  if (of.dropped === 0) return null;
  return (
    <>
      <h3>
        {title} ({of.dropped})
      </h3>
      <ul>
        {of.names.map((name) => (
          <li>
            <code>{name}</code>
          </li>
        ))}
      </ul>
      {of.dropped > of.names.length ? (
        <p>{of.dropped - of.names.length} more are not listed.</p>
      ) : null}
    </>
  );
}

function Refused({ config: { refused } }: Shown) {
  if (refused.length === 0) return null;
  return (
    <section aria-label="Refused">
      <h2>Refused</h2>
      <p>These files do not load, as a whole. What is active stays.</p>
      {refused.map(({ worker, at, total, problems }) => (
        <>
          <h3>
            {worker} <Time at={at} />
          </h3>
          <ul class="requirements">
            {problems.map((problem) => (
              <li class="unmet">
                <span class="sign" aria-hidden="true">
                  ✗
                </span>
                <span>
                  <code>{placeOfProblem(problem)}</code> {problem.text}
                </span>
              </li>
            ))}
          </ul>
          {total > problems.length ? <p>{total - problems.length} more are not listed.</p> : null}
        </>
      ))}
    </section>
  );
}

function Workers({
  workers,
  config,
}: Shown & {
  readonly workers: readonly ConfigWorker[];
}) {
  const active = config.activations.at(-1);
  return (
    <section aria-label="Workers">
      <h2>Workers</h2>
      <table>
        <thead>
          <tr>
            <th>Worker</th>
            <th>Works with</th>
            <th>Its files</th>
            <th>Seen</th>
          </tr>
        </thead>
        <tbody>
          {workers.map(({ worker, hash, number, seenAt }) => (
            <tr>
              <td>{worker}</td>
              <td>number {number}</td>
              <td>
                <Hash hash={hash} /> {hash === active?.hash ? null : reasonOf(config, hash)}
              </td>
              <td>
                <Time at={seenAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {workers.length === 0 ? <p class="none">No worker is alive.</p> : null}
    </section>
  );
}

/** Why a worker's files are not what is active. */
function reasonOf({ held, waiting, rejected, activations }: ShownConfig, hash: string): string {
  if (held?.offer.hash === hash) return 'held back';
  if (rejected.some((one) => one.hash === hash)) return 'rejected';
  const before = activations.findLast((one) => one.hash === hash);
  if (before !== undefined) return `were active as number ${before.number}`;
  return waiting.some(({ offer }) => offer.hash === hash) ? 'wait' : 'not active';
}

function Audit({ events }: { readonly events: readonly ConfigEvent[] }) {
  return (
    <section aria-label="History">
      <h2 id="history">History</h2>
      <table>
        <thead>
          <tr>
            <th>When</th>
            <th>What</th>
            <th>Configuration</th>
            <th>Who</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {events.map(({ at, kind, hash, number, by, text }) => (
            <tr>
              <td>
                <Time at={at} />
              </td>
              <td>{kind}</td>
              <td>
                {number === 0 ? null : `number ${number}, `}
                {hash === '' ? null : <Hash hash={hash} />}
              </td>
              <td>{by}</td>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Hash({ hash }: { readonly hash: string }) {
  return <code title={hash}>{hash.slice(0, 12)}</code>;
}
