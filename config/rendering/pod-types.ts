/** Where a container sees a volume. */
export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly [field: string]: unknown;
}

/** A volume of a pod: its name, and one field that says what it is. */
export interface Volume {
  readonly name: string;
  readonly [source: string]: unknown;
}

/** A variable of a container: its value, or where the value comes from. */
export interface PodVariable {
  readonly name: string;
  readonly value?: string | undefined;
  readonly valueFrom?: unknown;
}

/** What a container asks for and may use at most; quantities as Kubernetes writes them. */
export interface Resources {
  readonly requests?: Readonly<Record<string, string>> | undefined;
  readonly limits?: Readonly<Record<string, string>> | undefined;
  readonly [field: string]: unknown;
}

/** One container of a pod; what is not named here is as the job has it. */
export interface PodContainer {
  readonly name: string;
  readonly image?: string | undefined;
  readonly command?: readonly string[] | undefined;
  readonly args?: readonly string[] | undefined;
  readonly env?: readonly PodVariable[] | undefined;
  readonly resources?: Resources | undefined;
  readonly volumeMounts?: readonly VolumeMount[] | undefined;
  readonly [field: string]: unknown;
}

/** Kubernetes' PodSpec as a run's pod has it. */
export interface RunPodSpec {
  readonly containers: readonly PodContainer[];
  readonly initContainers?: readonly PodContainer[] | undefined;
  readonly volumes?: readonly Volume[] | undefined;
  readonly [field: string]: unknown;
}

/** A run's pod, without kind and namespace: those are the executor's to give. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: RunPodSpec;
}
