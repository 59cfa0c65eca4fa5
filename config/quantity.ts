const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const SUFFIX = /(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

/** Why a value is no quantity of Kubernetes (`500m`, `1.5Gi`, `1e3`, a bare number); undefined if it is one. */
export function quantityProblem(value: unknown): string | undefined {
  if (typeof value === 'number') return undefined;
  if (typeof value !== 'string') return 'this must be a quantity such as 500m or 1Gi';
  const text = value.trim();
  const suffix = SUFFIX.exec(text)?.[0] ?? '';
  return NUMBER.test(text.slice(0, text.length - suffix.length))
    ? undefined
    : 'this is no quantity such as 500m or 1Gi';
}
