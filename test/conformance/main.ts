import { buildGoProgram } from '../cluster/go-program.ts';
import { PROW_PROGRAMS } from './prow-programs.ts';

for (const program of PROW_PROGRAMS) {
  process.stdout.write(`${program.name}: ${await buildGoProgram(program)}\n`);
}
