import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Contract } from './contract/contract.ts';
import { type Control, createControl } from './control/control.ts';
import { readRefs } from './git/repository.ts';
import { buildApp } from './http/app.ts';
import { createHub, type Hub } from './hub.ts';
import { openStore } from './state/store.ts';

export type { Control, OpenedPull } from './control/control.ts';

/** How to start the emulator. */
export interface GitHubOptions {
  /** 0 or nothing: a free port. */
  readonly port?: number;
  /** Where state is kept; without it a scratch folder that goes away on close. */
  readonly stateDir?: string;
  /** The address to write into answers, if it is not the one listened on. */
  readonly publicUrl?: string;
  /**
   * Folder of `obtainContract`: everything that is sent is compared with GitHub's description, and
   * `close` fails if something did not fit. Default: `BOWSPRIT_GITHUB_CONTRACT`.
   */
  readonly contract?: string;
  /** File that gets a line for each thing that did not fit. Default: `BOWSPRIT_GITHUB_VIOLATIONS`. */
  readonly violations?: string;
}

/** A running emulator. */
export interface GitHub {
  /** For clients: the API is here and below `/api/v3`, git is `URL/ORG/REPO`. */
  readonly url: string;
  readonly port: number;
  readonly control: Control;
  close(): Promise<void>;
}

/** Git may know of pushes that the last written model does not. */
async function rereadRefs(hub: Hub): Promise<void> {
  for (const repo of Object.values(hub.model.repos)) {
    repo.refs = await readRefs(hub.directoryOf(repo));
  }
}

const KEPT_DELIVERIES = 1000;

const deliverySchema = z.object({
  id: z.number(),
  hookId: z.number(),
  guid: z.string(),
  event: z.string(),
  action: z.string().nullable(),
  repository: z.string().nullable(),
  installationId: z.number().optional(),
  redelivery: z.boolean(),
  deliveredAt: z.string(),
  request: z.object({ headers: z.record(z.string(), z.string()), body: z.string() }),
  status: z.string(),
  statusCode: z.number(),
  durationMs: z.number(),
  responseBody: z.string(),
});

/** The newest deliveries outlive the process, so that the page can send them again. */
async function keepDeliveries(hub: Hub): Promise<void> {
  const kept = z.array(deliverySchema).safeParse(await hub.store.recall('deliveries'));
  if (kept.success) hub.deliveries.restore(kept.data);
  hub.store.keep('deliveries', () => hub.deliveries.all().slice(-KEPT_DELIVERIES));
}

/** Loaded only where it is asked for: practice mode has neither the descriptions nor the library. */
async function contractFor(options: GitHubOptions): Promise<Contract | undefined> {
  const folder = options.contract ?? process.env['BOWSPRIT_GITHUB_CONTRACT'];
  if (!folder) return undefined;
  const { openContract } = await import('./contract/contract.ts');
  return openContract(folder, options.violations ?? process.env['BOWSPRIT_GITHUB_VIOLATIONS']);
}

function reportViolations(contract: Contract | undefined): void {
  const violations = contract?.violations() ?? [];
  if (violations.length === 0) return;
  throw new Error(`not as GitHub describes it:\n${violations.join('\n')}`);
}

/** Starts a GitHub on 127.0.0.1. */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHub> {
  const scratch = options.stateDir ? undefined : await mkdtemp(join(tmpdir(), 'bowsprit-github-'));
  const store = await openStore(options.stateDir ?? scratch ?? tmpdir(), !scratch);
  const contract = await contractFor(options);
  const hub = createHub(store, contract);
  await rereadRefs(hub);
  await keepDeliveries(hub);
  const app = await buildApp(hub);
  const listening = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const port = Number(new URL(listening).port);
  const url = `http://127.0.0.1:${port}`;
  hub.address.url = options.publicUrl?.replace(/\/$/, '') ?? url;
  return {
    url,
    port,
    control: createControl(hub),
    async close() {
      await app.close();
      await store.close();
      if (scratch) await rm(scratch, { recursive: true, force: true });
      reportViolations(contract);
    },
  };
}
