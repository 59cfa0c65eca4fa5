import type { Command } from 'commander';
import { OptionsError } from '../option-values.ts';
import { goBoolean } from './flags.ts';

const EXAMPLES = `
Examples:
  $ bowsprit mkpj --config-path=config.yaml --job=unit ... | bowsprit mkpod --prow-job=- --build-id=snowflake
  $ bowsprit mkpod --prow-job=pj.yaml --build-id=1 --local --out-dir=/output
`;

/** `bowsprit mkpod`: the pod of a ProwJob. */
export function addMkpod(program: Command): void {
  program
    .command('mkpod')
    .description('print the pod that a ProwJob would make')
    .option('--prow-job <file>', 'the ProwJob as YAML; - is standard input')
    .option('--build-id <id>', 'build id of the run; snowflake makes one')
    .addOption(
      goBoolean('local', "files go to a folder of the node; a bucket's credentials are not needed"),
    )
    .option('--out-dir <folder>', 'with --local: that folder (default: a new one)')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: MkpodFlags) => {
      const { prowJob, outDir, local } = flags;
      if (prowJob === undefined) throw new OptionsError('--prow-job is needed: a file, or -.');
      if (outDir !== undefined && local !== true) {
        throw new OptionsError('--out-dir is for --local only.');
      }
      const { runMkpod } = await import('./mkpod-run.ts');
      await runMkpod({ ...flags, prowJob });
    });
}

interface MkpodFlags {
  readonly prowJob?: string;
  readonly buildId?: string;
  readonly local?: boolean;
  readonly outDir?: string;
}
