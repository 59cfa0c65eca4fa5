import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { restDescription, shapeOf, webhookDescription } from './description.ts';

/** An answer of the REST API as it left. */
export interface CheckedAnswer {
  readonly method: string;
  /** The route's path, `/repos/:owner/:repo`. */
  readonly path: string;
  readonly status: number;
  /** The parsed JSON; undefined if there was no body. */
  readonly body: unknown;
}

/** Compares what the emulator sends with GitHub's own description. */
export interface Contract {
  checkAnswer(answer: CheckedAnswer): void;
  checkWebhook(event: string, action: string | null, body: unknown): void;
  /** What did not fit, each once. */
  violations(): readonly string[];
}

interface Checker {
  /** What does not fit, or undefined. */
  readonly check: (name: string, schema: unknown, value: unknown) => string | undefined;
}

const SHOWN = 4;
/** Any operation may answer these; few descriptions say so. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 304, 307]);

/** The paths of classic projects: the older description is loaded for them only. */
const FORMER = /^\/projects\b|\/projects$/;

/** Where GitHub itself answers otherwise than it says. */
const FLAWS: readonly RegExp[] = [
  // An issue without a text has `null` here too.
  /^GET \/search\/issues 200 \/items\/\d+\/body$/,
  // The list wants an account that is a user and an enterprise at once; a single one may be either.
  /^GET \/app\/installations 200 \/\d+\/account$/,
  // A label without a description has `null` here too, as the description of a single pull request says.
  /^GET \/repos\/\{owner\}\/\{repo\}\/(commits\/\{commit_sha\}\/)?pulls 200 \/\d+\/labels\/\d+\/description$/,
  // A pull request whose fork was deleted.
  /\/head\/repo$/,
];

function createChecker(components: Readonly<Record<string, unknown>>): Checker {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    inlineRefs: false,
    validateSchema: false,
    logger: false,
    code: { optimize: false },
  });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'components', definitions: components });
  const compiled = new Map<string, ValidateFunction>();
  return {
    check(name, schema, value) {
      const validate =
        compiled.get(name) ?? ajv.compile(typeof schema === 'object' && schema ? schema : {});
      compiled.set(name, validate);
      if (validate(value)) return undefined;
      const errors = (validate.errors ?? []).filter(
        ({ instancePath }) => !FLAWS.some((flaw) => flaw.test(`${name} ${instancePath}`)),
      );
      if (errors.length === 0) return undefined;
      return errors
        .slice(0, SHOWN)
        .map(({ instancePath, message, params }) => {
          const which = JSON.stringify(params);
          return `${instancePath || '/'} ${message} ${which.length > 100 ? '' : which}`;
        })
        .join('; ');
    },
  };
}

function read(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

/** Makes a value when first asked. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const BASIC_ERROR = { $ref: 'components#/definitions/basic-error' };

/** What is wrong with there being a body or none; refusals may go without. */
function bodyMisfit(described: unknown, { status, body }: CheckedAnswer): string | undefined {
  if (status >= 400) return undefined;
  if (described === undefined) return 'is not described';
  return (described === null) === (body === undefined) ? undefined : `body ${typeof body}`;
}

/** What does not fit; undefined also where the description has no such operation. */
type RestCheck = (answer: CheckedAnswer) => string | undefined;

function loadRest(folder: string, file: string): RestCheck {
  const { operations, components } = restDescription.parse(read(folder, file));
  const { check } = createChecker(components);
  return (answer) => {
    const { method, path, status, body } = answer;
    const operation = operations[shapeOf(method, path)];
    if (!operation || REDIRECTS.has(status) || status >= 500) return undefined;
    const name = `${method} ${operation.path} ${status}`;
    const described = operation.responses[String(status)];
    const misfit = bodyMisfit(described, answer);
    if (misfit !== undefined) return `${name}: ${misfit}`;
    if (body === undefined) return undefined;
    const wrong = check(name, described ?? BASIC_ERROR, body);
    return wrong === undefined ? undefined : `${name}: ${wrong}`;
  };
}

function loadWebhooks(folder: string) {
  const { webhooks, components } = webhookDescription.parse(read(folder, 'webhooks.json'));
  const { check } = createChecker(components);
  return (event: string, action: string | null, body: unknown): string | undefined => {
    const name = (action ? `${event}-${action}` : event).replaceAll('_', '-');
    const schema = webhooks[name];
    if (!schema) return `webhook ${name}: is not described`;
    const wrong = check(name, schema, body);
    return wrong === undefined ? undefined : `webhook ${name}: ${wrong}`;
  };
}

/**
 * Loads the descriptions in a folder when something is first checked. Every violation is also a line
 * of `record`, if given: a file outlives a process that is killed.
 */
export function openContract(folder: string, record?: string): Contract {
  const found = new Set<string>();
  const rest = lazily(() => loadRest(folder, 'rest.json'));
  // What GitHub took away is held to its last published shape.
  const former = lazily(() => loadRest(folder, 'former.json'));
  const webhooks = lazily(() => loadWebhooks(folder));
  const note = (violation: string | undefined): void => {
    if (violation === undefined || found.has(violation)) return;
    found.add(violation);
    if (record !== undefined) appendFileSync(record, `${violation}\n`);
  };
  return {
    checkAnswer(answer) {
      note(rest()(answer));
      if (FORMER.test(answer.path)) note(former()(answer));
    },
    checkWebhook: (event, action, body) => note(webhooks()(event, action, body)),
    violations: () => [...found],
  };
}
