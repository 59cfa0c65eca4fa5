import { expect, test } from 'vitest';
import { z } from 'zod';
import type { GitHub } from '../github/server.ts';
import { anewForEachTest } from './anew.ts';
import { tokenOf } from './practice.ts';
import type { Receiver } from './receiver.ts';

let github: GitHub;
let receiver: Receiver;

anewForEachTest((...anew) => {
  [github, receiver] = anew;
});

const identified = z.looseObject({ id: z.number(), name: z.string().optional() });

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Octokit has these calls no longer: they are asked for by their addresses, as Prow does. */
async function ask(login: string, request: string, body?: unknown): Promise<Reply> {
  const [method = '', path = ''] = request.split(' ');
  const answer = await fetch(`${github.url}/api/v3${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokenOf(login)}`,
      accept: 'application/vnd.github.inertia-preview+json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}

async function make(request: string, body: unknown): Promise<number> {
  const { status, body: made } = await ask('ann', request, body);
  expect([request, status]).toEqual([request, 201]);
  return identified.parse(made).id;
}

async function idOfIssue(number: number): Promise<number> {
  const { body } = await ask('ann', `GET /repos/acme/shop/issues/${number}`);
  return identified.parse(body).id;
}

/** The cards of a column by what they show, from the top. */
async function cards(column: number): Promise<readonly string[]> {
  const { body } = await ask('bob', `GET /projects/columns/${column}/cards`);
  const shown = z.array(
    z.object({ note: z.string().nullable(), content_url: z.string().optional() }),
  );
  return shown
    .parse(body)
    .map(({ note, content_url: url }) => note ?? url?.split('/').at(-1) ?? '');
}

test.for(['/repos/acme/shop/projects', '/orgs/acme/projects'])(
  'a project at %s has columns of cards, which are made, moved and deleted',
  async (place) => {
    const { number } = github.control.openIssue('acme/shop', 'eve', { title: 'Broken' });
    const project = await make(`POST ${place}`, { name: 'Release', body: 'What is to do' });
    const todo = await make(`POST /projects/${project}/columns`, { name: 'To do' });
    const done = await make(`POST /projects/${project}/columns`, { name: 'Done' });
    const content = { content_id: await idOfIssue(number), content_type: 'Issue' };
    const card = await make(`POST /projects/columns/${todo}/cards`, content);
    const note = await make(`POST /projects/columns/${done}/cards`, { note: 'Celebrate' });

    const twice = await ask('ann', `POST /projects/columns/${done}/cards`, content);
    await make(`POST /projects/${project}/columns`, { name: 'Third' });
    const to = { column_id: done, position: `after:${note}` };
    const moved = await ask('ann', `POST /projects/columns/cards/${card}/moves`, to);
    const before = await cards(done);
    const gone = await ask('ann', `DELETE /projects/columns/cards/${note}`);
    await github.control.idle();

    expect(twice).toMatchObject({
      status: 422,
      body: { errors: [{ message: 'Project already has the associated issue' }] },
    });
    expect([moved.status, gone.status]).toEqual([201, 204]);
    expect([before, await cards(done), await cards(todo)]).toEqual([
      ['Celebrate', `${number}`],
      [`${number}`],
      [],
    ]);
    expect(receiver.names()).toEqual([
      'issues.opened',
      'project.created',
      'project_column.created',
      'project_column.created',
      'project_card.created',
      'project_card.created',
      'project_column.created',
      'project_card.moved',
      'project_card.deleted',
    ]);
  },
);

test('projects, columns and notes are changed, and projects are closed and deleted', async () => {
  const project = await make('POST /repos/acme/shop/projects', { name: 'Release' });
  const column = await make(`POST /projects/${project}/columns`, { name: 'To do' });
  const other = await make(`POST /projects/${project}/columns`, { name: 'Done' });
  const card = await make(`POST /projects/columns/${column}/cards`, { note: 'One' });

  await ask('ann', `PATCH /projects/${project}`, { name: 'Next', state: 'closed' });
  await ask('ann', `PATCH /projects/columns/${column}`, { name: 'Later' });
  await ask('ann', `PATCH /projects/columns/cards/${card}`, { note: 'Two' });
  await ask('ann', `POST /projects/columns/${other}/moves`, { position: 'first' });
  const { body: columns } = await ask('ann', `GET /projects/${project}/columns`);
  const { body: shown } = await ask('ann', `GET /projects/columns/cards/${card}`);
  const { body: open } = await ask('ann', 'GET /repos/acme/shop/projects');
  const { body: closed } = await ask('ann', 'GET /repos/acme/shop/projects?state=closed');
  await ask('ann', `DELETE /projects/columns/${other}`);
  await ask('ann', `DELETE /projects/${project}`);
  const after = await ask('ann', `GET /projects/${project}`);
  await github.control.idle();

  expect(columns).toMatchObject([{ name: 'Done' }, { name: 'Later' }]);
  expect(shown).toMatchObject({ note: 'Two', archived: false });
  expect([open, closed]).toMatchObject([[], [{ name: 'Next', state: 'closed' }]]);
  expect(after.status).toBe(404);
  expect(receiver.names().slice(4)).toEqual([
    'project.edited',
    'project.closed',
    'project_column.edited',
    'project_card.edited',
    'project_column.moved',
    'project_column.deleted',
    'project.deleted',
  ]);
});

test('who may not write looks on, and a private one of an organisation is unseen', async () => {
  const project = await make('POST /orgs/acme/projects', { name: 'Plan' });
  const column = await make(`POST /projects/${project}/columns`, { name: 'To do' });

  const seen = await ask('eve', `GET /projects/${project}`);
  const refused = await ask('eve', `POST /projects/columns/${column}/cards`, { note: 'Mine' });
  const member = await ask('bob', `POST /projects/columns/${column}/cards`, { note: 'Ours' });
  await ask('ann', `PATCH /projects/${project}`, { private: true });
  const unseen = await ask('eve', `GET /projects/${project}`);
  const { body: listed } = await ask('eve', 'GET /orgs/acme/projects');

  expect([seen, refused, member, unseen].map(({ status }) => status)).toEqual([200, 403, 201, 404]);
  expect(listed).toEqual([]);
});

test('a repository may have none', async () => {
  await ask('ann', 'PATCH /repos/acme/shop', { has_projects: false });

  const { status, body } = await ask('ann', 'GET /repos/acme/shop/projects');

  expect(status).toBe(410);
  expect(body).toMatchObject({ message: 'Projects are disabled for this repository' });
});
