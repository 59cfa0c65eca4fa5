/** Which of trigger's own commands are in a comment (W§1.1); all are case-sensitive. */
export interface TestRequest {
  readonly asksForHelp: boolean;
  readonly testWithoutTarget: boolean;
  readonly testWithTarget: boolean;
  readonly testAll: boolean;
  readonly retest: boolean;
  readonly retestWithTarget: boolean;
  readonly retestRequired: boolean;
  readonly okToTest: boolean;
  readonly cancelOkToTest: boolean;
  /** Some line begins with /test or /retest: earlier help is out of date. */
  readonly outdatesHelp: boolean;
}

// Blanks are ASCII, as in Go; lines end at line feeds only (W§0, H1 and H2).
const PATTERNS = {
  asksForHelp: /^\/test \?[ \t\r\f]*$/,
  testWithoutTarget: /^\/test[ \t\r\f]*$/,
  testWithTarget: /^\/test[ \t]+[^ \t\r\f]/,
  testAll: /^\/test all,?(?:[ \t\r\f][^\n]*)?$/,
  retest: /^\/retest[ \t\r\f]*$/,
  retestWithTarget: /^\/retest[ \t]+[^ \t\r\f]/,
  retestRequired: /^\/retest-required[ \t\r\f]*$/,
  okToTest: /^\/ok-to-test[ \t\r\f]*$/,
  cancelOkToTest: /^\/ok-to-test cancel[ \t\r\f]*$/,
  outdatesHelp: /^\/(?:re)?test\b/,
} satisfies Record<keyof TestRequest, RegExp>;

/** Reads a comment's spoken text for trigger's own commands. */
export function testRequestOf(text: string): TestRequest {
  const lines = text.split('\n');
  const found = (pattern: RegExp) => lines.some((line) => pattern.test(line));
  return {
    asksForHelp: found(PATTERNS.asksForHelp),
    testWithoutTarget: found(PATTERNS.testWithoutTarget),
    testWithTarget: found(PATTERNS.testWithTarget),
    testAll: found(PATTERNS.testAll),
    retest: found(PATTERNS.retest),
    retestWithTarget: found(PATTERNS.retestWithTarget),
    retestRequired: found(PATTERNS.retestRequired),
    okToTest: found(PATTERNS.okToTest),
    cancelOkToTest: found(PATTERNS.cancelOkToTest),
    outdatesHelp: found(PATTERNS.outdatesHelp),
  };
}
