import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyModel, type Model } from './model.ts';

const SAVE_AFTER_MS = 300;
/** Saving may take this part of the time at most, however large the model grows. */
const SAVING_SHARE = 1 / 20;

/** The model in memory and its debounced copy on disk. */
export interface Store {
  readonly model: Model;
  readonly gitRoot: string;
  nextId(): number;
  /** Says that the model changed; it is written a little later. */
  touch(): void;
  /** Forgets everything, git repositories included; ids go on counting. */
  reset(): Promise<void>;
  flush(): Promise<void>;
  /** Writes a last time; later changes are not kept. */
  close(): Promise<void>;
  /** Has another document written whenever the model is. */
  keep(name: string, document: () => unknown): void;
  /** A document that was kept, or undefined. */
  recall(name: string): Promise<unknown>;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The model is written by this program only, atomically: that it is there is check enough. */
function isModel(document: unknown): document is Model {
  return typeof document === 'object' && document !== null && 'repos' in document;
}

type Saver = Pick<Store, 'touch' | 'flush' | 'close' | 'keep'>;

/** Writes documents a little after the first change, each one whole or not at all. */
function createSaver(stateDir: string, model: Model): Saver {
  const documents = new Map<string, () => unknown>([['model', () => model]]);
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  let closed = false;
  let patience = SAVE_AFTER_MS;

  async function write(): Promise<void> {
    const started = performance.now();
    for (const [name, document] of documents) {
      const draft = join(stateDir, `${name}.json.draft`);
      await writeFile(draft, JSON.stringify(document()));
      await rename(draft, join(stateDir, `${name}.json`));
    }
    patience = Math.max(SAVE_AFTER_MS, (performance.now() - started) / SAVING_SHARE);
  }
  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write, write);
    return writing;
  }
  return {
    flush,
    touch() {
      if (closed) return;
      timer ??= setTimeout(() => void flush().catch(() => undefined), patience);
    },
    close() {
      closed = true;
      return flush();
    },
    keep: (name, document) => documents.set(name, document),
  };
}

const NOT_SAVED: Saver = {
  touch: () => undefined,
  flush: () => Promise.resolve(),
  close: () => Promise.resolve(),
  keep: () => undefined,
};

async function removeTrash(stateDir: string): Promise<void> {
  const names = (await readdir(stateDir)).filter((name) => name.startsWith('trash-'));
  await Promise.all(
    names.map((name) => rm(join(stateDir, name), { recursive: true, force: true })),
  );
}

/** Opens the state kept in a folder, or starts an empty one; `lasting` says whether to write it. */
export async function openStore(stateDir: string, lasting: boolean): Promise<Store> {
  const gitRoot = join(stateDir, 'git');
  await mkdir(gitRoot, { recursive: true });
  await removeTrash(stateDir);
  const kept = await readJson(join(stateDir, 'model.json'));
  // What an older emulator wrote lacks what came later.
  const model = isModel(kept) ? { ...emptyModel(), ...kept } : emptyModel();
  const saver = lasting ? createSaver(stateDir, model) : NOT_SAVED;
  let generation = 0;
  return {
    ...saver,
    model,
    gitRoot,
    nextId() {
      model.nextId += 1;
      return model.nextId;
    },
    async reset() {
      Object.assign(model, emptyModel(), { nextId: model.nextId });
      generation += 1;
      const trash = join(stateDir, `trash-${process.pid}-${generation}`);
      await rename(gitRoot, trash);
      await mkdir(gitRoot, { recursive: true });
      void rm(trash, { recursive: true, force: true }).catch(() => undefined);
      saver.touch();
    },
    recall: (name) => readJson(join(stateDir, `${name}.json`)),
  };
}
