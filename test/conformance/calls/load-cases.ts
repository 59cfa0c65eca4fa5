import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CallCase } from './case.ts';

const FOLDER = join(import.meta.dirname, 'cases');
const caseFile = z.object({ cases: z.array(z.custom<CallCase>()) });

/** The cases of every file in `cases/`. */
export async function loadCases(): Promise<readonly CallCase[]> {
  const files = readdirSync(FOLDER).sort();
  const lists = await Promise.all(
    files.map(async (name) => caseFile.parse(await import(join(FOLDER, name))).cases),
  );
  return lists.flat();
}
