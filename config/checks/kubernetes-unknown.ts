import { z } from 'zod';
import { KUBERNETES_FIELDS } from '../rendering/kubernetes-fields.ts';

/** A key that a declaration does not have. */
export interface UnknownKey {
  readonly path: readonly PropertyKey[];
  readonly known: readonly string[];
}

/** The name of a type whose fields are listed. */
type TypeName = keyof typeof KUBERNETES_FIELDS;

/** What stands behind keys whose declarations only pass it on. */
const BEHIND: Readonly<Record<string, TypeName>> = {
  spec: 'PodSpec',
  env: 'EnvVar',
  volumes: 'Volume',
  volumeMounts: 'VolumeMount',
  tolerations: 'Toleration',
  reporter_config: 'ReporterConfig',
  rerun_auth_config: 'RerunAuthConfig',
  jenkins_spec: 'JenkinsSpec',
  scheduling_options: 'SchedulingOptions',
};

/** The listed type that an open declaration at a path stands for. */
export function kubernetesType(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
): TypeName | undefined {
  const key = path.findLast((part) => typeof part === 'string');
  if (typeof key !== 'string' || !Object.hasOwn(BEHIND, key)) return undefined;
  const open =
    schema instanceof z.ZodRecord ||
    (schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodUnknown);
  return open ? BEHIND[key] : undefined;
}

/** Keys that the type does not have, at any depth. */
export function unknownInKubernetes(
  type: TypeName,
  value: unknown,
  path: readonly PropertyKey[],
): readonly UnknownKey[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const fields = fieldsOf(type);
  const byLowerCase = new Map([...fields].map(([name, field]) => [name.toLowerCase(), field]));
  return Object.entries(value).flatMap(([key, item]) => {
    const field = fields.get(key) ?? byLowerCase.get(key.toLowerCase());
    if (field === undefined) return [{ path: [...path, key], known: [...fields.keys()] }];
    const inner = field.type;
    if (inner === undefined) return [];
    return parts(field.many, item).flatMap(({ part, at }) =>
      unknownInKubernetes(inner, part, [...path, key, ...at]),
    );
  });
}

interface Field {
  readonly type?: TypeName;
  readonly many: string;
}

/** The fields of a type, from the notation of `KUBERNETES_FIELDS`. */
function fieldsOf(type: TypeName): ReadonlyMap<string, Field> {
  return new Map(
    KUBERNETES_FIELDS[type].split(' ').map((word) => {
      const [, name = '', kind = '', many = ''] =
        /^(\w+)(?::([A-Za-z]*)[0!]?(\[\]|\{\})?)?$/.exec(word) ?? [];
      return [name, { many, ...(isType(kind) ? { type: kind } : {}) }];
    }),
  );
}

function isType(name: string): name is TypeName {
  return Object.hasOwn(KUBERNETES_FIELDS, name);
}

function parts(many: string, value: unknown) {
  if (many === '[]') {
    return Array.isArray(value) ? value.map((part, index) => ({ part, at: [index] })) : [];
  }
  if (many === '{}' && typeof value === 'object' && value !== null) {
    return Object.entries(value).map(([key, part]) => ({ part, at: [key] }));
  }
  return [{ part: value, at: [] }];
}
