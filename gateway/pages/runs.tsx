import type { FastifyInstance } from 'fastify';
import {
  countRuns,
  type Facet,
  listRuns,
  type RunSummary,
} from '../../activities/database/runs.ts';
import type { PageDependencies } from '../dependencies.ts';
import type { RenderPage } from './layout.tsx';
import { duration, Live, State, Time } from './parts.tsx';
import {
  afterOf,
  cursorOf,
  filterOf,
  parseRunQuery,
  type RunQuery,
  runsAddress,
} from './run-query.ts';

const PAGE_SIZE = 50;
const STATES = ['triggered', 'pending', 'success', 'failure', 'error', 'aborted'];
const TYPES = ['presubmit', 'postsubmit', 'periodic', 'batch'];

/** `/`: all runs, newest first, with Prow's filters in the address. */
export function serveRuns(
  app: FastifyInstance,
  { database }: PageDependencies,
  render: RenderPage,
) {
  app.get('/', async (request, reply) => {
    const query = parseRunQuery(request.query);
    const filter = filterOf(query);
    const after = afterOf(query);
    const { state: _, ...anyState } = filter;
    const [rows, facets] = await Promise.all([
      listRuns(database, filter, { limit: PAGE_SIZE + 1, ...(after ? { after } : {}) }),
      countRuns(database, anyState),
    ]);
    const content = <Runs query={query} rows={rows} facets={facets} />;
    const head = { title: 'Runs', section: 'runs', topics: ['run'] } as const;
    return reply.type('text/html; charset=utf-8').send(render(head, content));
  });
}

interface RunsProps {
  readonly query: RunQuery;
  readonly rows: readonly RunSummary[];
  readonly facets: readonly Facet[];
}

function Runs({ query, rows, facets }: RunsProps) {
  const shown = rows.slice(0, PAGE_SIZE);
  const last = rows.length > PAGE_SIZE ? shown.at(-1) : undefined;
  return (
    <>
      <h1>Runs</h1>
      <Filter query={query} facets={facets} />
      <Live id="runs">
        <Counts query={query} facets={facets} />
        <RunTable runs={shown} />
        <p class="paging">
          {query.after ? <a href={runsAddress(query, {})}>Newest</a> : null}{' '}
          {last ? <a href={runsAddress(query, { after: cursorOf(last) })}>Older runs</a> : null}
        </p>
      </Live>
    </>
  );
}

function Filter({ query, facets }: Omit<RunsProps, 'rows'>) {
  const values = (field: Facet['field']): readonly string[] =>
    facets.filter((facet) => facet.field === field).map(({ value }) => value);
  return (
    <search>
      <form class="filter" action="/" method="get">
        <Choice name="type" label="Type" value={query.type} options={TYPES} />
        <Choice name="state" label="State" value={query.state} options={STATES} />
        <Field name="repo" label="Repository" value={query.repo} options={values('repository')} />
        <Field name="pull" label="Pull request" value={query.pull} />
        <Field name="author" label="Author" value={query.author} />
        <Field name="job" label="Job (* is any text)" value={query.job} options={values('job')} />
        <Field name="cluster" label="Cluster" value={query.cluster} />
        <button type="submit">Filter</button> <a href="/">Reset</a>
      </form>
    </search>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly string[];
}

function Choice({ name, label, value, options }: ChoiceProps) {
  return (
    <label>
      {label}
      <select name={name}>
        <option value="">any</option>
        {options.map((option) => (
          <option value={option} selected={option === value}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string | number | undefined;
  readonly options?: readonly string[];
}

function Field({ name, label, value, options = [] }: FieldProps) {
  const list = `${name}-known`;
  return (
    <label>
      {label}
      <input name={name} value={value ?? ''} list={list} autocomplete="off" />
      <datalist id={list}>
        {options.slice(0, 100).map((option) => (
          <option value={option} />
        ))}
      </datalist>
    </label>
  );
}

function Counts({ query, facets }: Omit<RunsProps, 'rows'>) {
  const states = facets.filter(({ field }) => field === 'state');
  return (
    <ul class="counts" aria-label="Runs by state">
      {states.map(({ value, count }) => {
        const chosen = query.state === value;
        const state = STATES.find((known) => known === value);
        const href = runsAddress({ ...query, state: undefined }, {});
        const link = `${href}${href.includes('?') ? '&' : '?'}state=${state ?? ''}`;
        return (
          <li>
            <a href={chosen ? href : link} aria-current={chosen ? 'true' : undefined}>
              <State state={value} /> {count}
            </a>
          </li>
        );
      })}
    </ul>
  );
}

/** Runs as a table; on a narrow screen each row becomes a card. */
export function RunTable({ runs }: { readonly runs: readonly RunSummary[] }) {
  if (runs.length === 0) return <p class="none">No runs.</p>;
  return (
    <table class="cards">
      <thead>
        <tr>
          {['State', 'Job', 'Repository', 'Pull request', 'Author', 'Started', 'Took'].map(
            (name) => (
              <th scope="col">{name}</th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow run={run} />
        ))}
      </tbody>
    </table>
  );
}

function RunRow({ run }: { readonly run: RunSummary }) {
  const pull = run.number === null ? null : `/pull/${run.org}/${run.repo}/${run.number}`;
  return (
    <tr>
      <td data-label="State">
        <State state={run.state} />
      </td>
      <td data-label="Job">
        <a href={`/runs/${run.uuid}`}>{run.job}</a>
        {run.description ? <small> {run.description}</small> : null}
      </td>
      <td data-label="Repository">{run.org === '' ? '–' : `${run.org}/${run.repo}`}</td>
      <td data-label="Pull request">{pull ? <a href={pull}>#{run.number}</a> : '–'}</td>
      <td data-label="Author">{run.author || '–'}</td>
      <td data-label="Started">
        <Time at={run.createdAt} />
      </td>
      <td data-label="Took">{duration(run.createdAt, run.completedAt) || '–'}</td>
    </tr>
  );
}
