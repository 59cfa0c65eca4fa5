import type { Permission } from './permissions.ts';

/** An organisation; `members` maps a lower-case login to the role. */
export interface Org {
  readonly id: number;
  readonly login: string;
  defaultPermission: Permission;
  readonly members: Record<string, 'admin' | 'member'>;
  /** Those who show that they belong, in small letters: nobody does by itself. */
  publicMembers?: readonly string[];
  teams?: Team[];
  invitations?: OrgInvitation[];
  rulesets?: Ruleset[];
  /** What `PATCH /orgs/O` wrote, by GitHub's names. */
  settings?: Record<string, unknown>;
}

/** A team of an organisation. */
export interface Team {
  readonly id: number;
  slug: string;
  name: string;
  description: string | null;
  privacy: 'closed' | 'secret';
  parent: number | null;
  /** By lower-case login. */
  readonly members: Record<string, 'member' | 'maintainer'>;
  /** By the id of the repository. */
  readonly repos: Record<string, Permission>;
  readonly createdAt: string;
}

/** Somebody who was asked into an organisation. */
export interface OrgInvitation {
  readonly id: number;
  readonly login: string | null;
  readonly email: string | null;
  role: 'admin' | 'direct_member';
  readonly inviter: string;
  readonly createdAt: string;
  readonly teams: number[];
}

/** Somebody who was asked to work on a repository. */
export interface RepoInvitation {
  readonly id: number;
  readonly invitee: string;
  readonly inviter: string;
  permission: Permission;
  readonly createdAt: string;
}

/** A ruleset; conditions and rules as GitHub writes them. */
export interface Ruleset {
  readonly id: number;
  name: string;
  target: 'branch' | 'tag' | 'push';
  enforcement: 'disabled' | 'active' | 'evaluate';
  conditions: Record<string, unknown>;
  rules: Record<string, unknown>[];
  bypassActors: Record<string, unknown>[];
  readonly createdAt: string;
  updatedAt: string;
}
