import { nodeId } from '../../render/urls.ts';
import type { User, UserStatus } from '../../state/model.ts';
import type { View, World } from '../world.ts';

const BOT = /\[bot\]$/;

/** GraphQL names an app's bot without the `[bot]` that REST shows. */
function loginOf(user: User): string {
  return user.type === 'Bot' ? user.login.replace(BOT, '') : user.login;
}

/** A person's status; `busy` is GitHub's limited availability. */
function statusView({ id }: User, { emoji, message, busy }: UserStatus): View {
  return {
    id: nodeId('UserStatus', id),
    emoji,
    message,
    indicatesLimitedAvailability: busy,
    expiresAt: null,
    organization: null,
  };
}

/** A user, bot or organisation. */
export function accountView({ hub, viewer }: World, user: User): View {
  return {
    __typename: user.type,
    id: nodeId(user.type, user.id),
    databaseId: user.id,
    login: loginOf(user),
    name: user.name,
    email: user.type === 'User' ? user.email : null,
    avatarUrl: `${hub.address.url}/assets/avatar.svg`,
    url: `${hub.address.url}/${loginOf(user)}`,
    resourcePath: `/${loginOf(user)}`,
    isViewer: user.login === viewer.login,
    status: user.status ? statusView(user, user.status) : null,
  };
}

/** The account of a login. */
export function actorView(world: World, login: string): View {
  return accountView(world, world.hub.ensureUser(login));
}

/** The account of a login, or null. */
export function actorOrNull(world: World, login: string | null): View | null {
  return login === null ? null : actorView(world, login);
}
