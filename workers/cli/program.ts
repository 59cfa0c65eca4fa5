import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { addCheckconfig } from './checkconfig.ts';
import { addConfig } from './config.ts';
import { addGateway } from './gateway.ts';
import { addMkpj } from './mkpj.ts';
import { addMkpod } from './mkpod.ts';
import { addRender } from './render.ts';
import { addUp } from './up.ts';
import { addWorker } from './worker.ts';

/** The command line as a value: nothing happens before it is given arguments. */
export function buildProgram(): Command {
  const program = new Command('bowsprit')
    .description('CI/CD for GitHub organisations, with the configuration of Prow')
    .version(VERSION)
    .showHelpAfterError('(add --help for what can be given)')
    .addHelpText(
      'after',
      '\nExample:\n  $ bowsprit up      everything on this machine, to practise',
    );
  addUp(program);
  addGateway(program);
  addWorker(program);
  addCheckconfig(program);
  addConfig(program);
  addRender(program);
  addMkpj(program);
  addMkpod(program);
  return program;
}
