import { join } from 'node:path';
import type { Contract } from './contract/contract.ts';
import { type Budgets, createBudgets } from './http/budgets.ts';
import { createFaults, type Faults } from './http/faults.ts';
import { createLedger, type Ledger } from './http/ledger.ts';
import { createSecondaryLimits, type SecondaryLimits } from './http/secondary.ts';
import { createHistory, type History } from './state/history.ts';
import { createLocks, type Locks } from './state/locks.ts';
import { createMemos, type Memos } from './state/memos.ts';
import type { Model, Repo, User } from './state/model.ts';
import type { Org } from './state/orgs.ts';
import type { Permission } from './state/permissions.ts';
import { permissionIn } from './state/rights.ts';
import { defaultSettings, type Settings } from './state/settings.ts';
import type { Store } from './state/store.ts';
import { createDeliveries, type Deliveries } from './webhooks/deliveries.ts';

/** Everything a request needs: the state, and what surrounds it. */
export interface Hub {
  readonly store: Store;
  readonly model: Model;
  readonly settings: Settings;
  readonly faults: Faults;
  readonly budgets: Budgets;
  readonly secondary: SecondaryLimits;
  readonly ledger: Ledger;
  readonly history: History;
  readonly deliveries: Deliveries;
  readonly locked: Locks;
  /** The address that people and clients see; the API is at `/api/v3` below it. */
  readonly address: { url: string };
  findRepo(owner: string, name: string): Repo | undefined;
  /** The repository that had this name once. */
  formerRepo(owner: string, name: string): Repo | undefined;
  findRepoById(id: number): Repo | undefined;
  findUser(login: string): User | undefined;
  findOrg(login: string): Org | undefined;
  /** The user of that name, made if new. */
  ensureUser(login: string, type?: User['type']): User;
  permissionOf(repo: Repo, login: string | undefined): Permission;
  directoryOf(repo: Repo): string;
  /** Results of reading what cannot change, by a key that names the commits. */
  readonly memos: Memos;
  /** Pull requests whose mergeability is being computed, with the commits in question. */
  readonly underWay: WeakMap<object, string>;
  /** The path in the table of routes that a request is served by. */
  readonly served: WeakMap<object, string>;
  /** What a request cost, where that is not 1. */
  readonly costs: WeakMap<object, number>;
  /** Set in tests: everything sent is compared with GitHub's description. */
  readonly contract: Contract | undefined;
}

/** The key of a repository in the model. */
export function repoKey(owner: string, name: string): string {
  return `${owner}/${name}`.toLowerCase();
}

/** The time as GitHub writes it. */
export function timestamp(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

function createAccounts(store: Store): Pick<Hub, 'findUser' | 'findOrg' | 'ensureUser'> {
  const { model } = store;
  return {
    findUser: (login) => model.users[login.toLowerCase()],
    findOrg: (login) => model.orgs[login.toLowerCase()],
    ensureUser(login, type) {
      const known = model.users[login.toLowerCase()];
      if (known) return known;
      const id = store.nextId();
      const user: User = {
        id,
        login,
        type: type ?? (login.endsWith('[bot]') ? 'Bot' : 'User'),
        name: login,
        email: `${id}+${login}@users.noreply.github.com`,
      };
      model.users[login.toLowerCase()] = user;
      store.touch();
      return user;
    },
  };
}

/** Wires an emulator around its state. */
export function createHub(store: Store, contract?: Contract): Hub {
  const { model } = store;
  const faults = createFaults();
  const settings = defaultSettings();
  return {
    store,
    model,
    settings,
    faults,
    budgets: createBudgets(settings),
    secondary: createSecondaryLimits(settings),
    ledger: createLedger(),
    history: createHistory(() => faults.any('stale-read')),
    deliveries: createDeliveries({ store, settings, faults }),
    locked: createLocks(),
    address: { url: 'http://127.0.0.1' },
    ...createAccounts(store),
    findRepo: (owner, name) => model.repos[repoKey(owner, name.replace(/\.git$/, ''))],
    formerRepo: (owner, name) => {
      const id = model.redirects[repoKey(owner, name.replace(/\.git$/, ''))];
      return Object.values(model.repos).find((repo) => repo.id === id);
    },
    permissionOf: (repo, login) => permissionIn(model, repo, login),
    findRepoById: (id) => Object.values(model.repos).find((repo) => repo.id === id),
    directoryOf: (repo) => join(store.gitRoot, `${repo.id}.git`),
    memos: createMemos(),
    underWay: new WeakMap(),
    served: new WeakMap(),
    costs: new WeakMap(),
    contract,
  };
}
