import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyModel, type Model } from './model.ts';

const SAVE_AFTER_MS = 300;

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

  async function write(): Promise<void> {
    for (const [name, document] of documents) {
      const draft = join(stateDir, `${name}.json.draft`);
      await writeFile(draft, JSON.stringify(document()));
      await rename(draft, join(stateDir, `${name}.json`));
    }
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
      timer ??= setTimeout(() => void flush().catch(() => undefined), SAVE_AFTER_MS);
    },
    close() {
      closed = true;
      return flush();
    },
    keep: (name, document) => documents.set(name, document),
  };
}

/** Opens the state kept in a folder, or starts an empty one. */
export async function openStore(stateDir: string): Promise<Store> {
  const gitRoot = join(stateDir, 'git');
  await mkdir(gitRoot, { recursive: true });
  const kept = await readJson(join(stateDir, 'model.json'));
  const model = isModel(kept) ? kept : emptyModel();
  const saver = createSaver(stateDir, model);
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
