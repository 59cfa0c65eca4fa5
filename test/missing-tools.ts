import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';

const NEEDS = /\(needs ([^)]+)\)/;

/**
 * Says at the end, in one line per tool, what was not tested for want of it. With `BOWSPRIT_ALL=1` a
 * skipped test is a failure.
 */
export function missingToolsReporter(): Reporter {
  let vitest: Vitest | undefined;
  return {
    onInit: (started) => {
      vitest = started;
    },
    onTestRunEnd: (modules) => {
      const skipped = modules.flatMap(skippedTests);
      if (skipped.length === 0) return;
      const reasons = vitest?.getRootProject().getProvidedContext().missingTools ?? {};
      for (const line of summarise(skipped, reasons)) process.stdout.write(`${line}\n`);
      if (process.env['BOWSPRIT_ALL'] !== '1') return;
      process.stdout.write('BOWSPRIT_ALL=1: a skipped test is a failure\n');
      process.exitCode = 1;
    },
  };
}

function skippedTests(module: TestModule): readonly TestCase[] {
  return [...module.children.allTests('skipped')].filter(
    // Tests left out on the command line by name were not asked for.
    (test) =>
      test.options.mode === 'skip' || test.options.mode === 'todo' || NEEDS.test(test.fullName),
  );
}

function summarise(
  skipped: readonly TestCase[],
  reasons: Readonly<Record<string, string>>,
): readonly string[] {
  const counts = new Map<string, number>();
  for (const test of skipped) {
    const tools = NEEDS.exec(test.fullName)?.[1]?.split(', ') ?? ['(no tool named)'];
    for (const tool of tools) counts.set(tool, (counts.get(tool) ?? 0) + 1);
  }
  return [...counts].map(([tool, count]) => {
    const [reason = 'missing'] = (reasons[tool] ?? 'missing').split('\n');
    return `not tested: ${count} tests need ${tool}: ${reason}`;
  });
}
