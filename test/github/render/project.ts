import type { Hub } from '../hub.ts';
import type { CardContent, Project, ProjectCard, ProjectColumn } from '../state/projects.ts';
import { renderUser } from './account.ts';
import { apiUrl, nodeId, repoApi, repoPage } from './urls.ts';

type Json = Record<string, unknown>;

/** A column and its project. */
export interface ColumnPlace {
  readonly project: Project;
  readonly column: ProjectColumn;
}

/** A card, its column and its project. */
export interface CardPlace extends ColumnPlace {
  readonly card: ProjectCard;
}

function addressesOf(hub: Hub, { owner, number }: Project): { api: string; page: string } {
  if (owner.kind === 'account') {
    const kind = hub.findOrg(owner.login) ? 'orgs' : 'users';
    return {
      api: apiUrl(hub, `/${kind}/${owner.login}`),
      page: `${hub.address.url}/${kind}/${owner.login}/projects/${number}`,
    };
  }
  const repo = hub.findRepoById(owner.id);
  return {
    api: repo ? repoApi(hub, repo) : '',
    page: repo ? repoPage(hub, repo, `/projects/${number}`) : '',
  };
}

/** A project. */
export function renderProject(hub: Hub, project: Project): Json {
  const { api, page } = addressesOf(hub, project);
  const url = apiUrl(hub, `/projects/${project.id}`);
  return {
    owner_url: api,
    url,
    html_url: page,
    columns_url: `${url}/columns`,
    id: project.id,
    node_id: nodeId('Project', project.id),
    name: project.name,
    body: project.body,
    number: project.number,
    state: project.state,
    creator: renderUser(hub, project.creator),
    created_at: project.createdAt,
    updated_at: project.updatedAt,
  };
}

/** What an answer of the API says of an organisation's project besides. */
export function renderFullProject(hub: Hub, project: Project): Json {
  const ofAccount = project.owner.kind === 'account';
  return {
    ...renderProject(hub, project),
    ...(ofAccount
      ? { organization_permission: project.memberPermission, private: project.private }
      : {}),
  };
}

/** A column. */
export function renderColumn(hub: Hub, { project, column }: ColumnPlace): Json {
  const url = apiUrl(hub, `/projects/columns/${column.id}`);
  return {
    url,
    project_url: apiUrl(hub, `/projects/${project.id}`),
    cards_url: `${url}/cards`,
    id: column.id,
    node_id: nodeId('ProjectColumn', column.id),
    name: column.name,
    created_at: column.createdAt,
    updated_at: column.updatedAt,
  };
}

function contentUrl(hub: Hub, content: CardContent): string | undefined {
  const repo = hub.findRepoById(content.repository);
  const issue = Object.values(repo?.issues ?? {}).find(({ id }) => id === content.issue);
  return repo && issue ? repoApi(hub, repo, `/issues/${issue.number}`) : undefined;
}

/** A card. */
export function renderCard(hub: Hub, place: CardPlace): Json {
  const { project, column, card } = place;
  const content = card.content ? contentUrl(hub, card.content) : undefined;
  return {
    url: apiUrl(hub, `/projects/columns/cards/${card.id}`),
    project_url: apiUrl(hub, `/projects/${project.id}`),
    column_url: apiUrl(hub, `/projects/columns/${column.id}`),
    id: card.id,
    node_id: nodeId('ProjectCard', card.id),
    note: card.note,
    archived: card.archived,
    creator: renderUser(hub, card.creator),
    created_at: card.createdAt,
    updated_at: card.updatedAt,
    ...(content ? { content_url: content } : {}),
  };
}
