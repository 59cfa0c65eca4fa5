/**
 * The fields of a PodSpec and of all that it holds (Kubernetes' core/v1 API reference), by type. A field is
 * `name`, for text, or `name:KIND`: `b` true or false, `i` a whole number, `q` a quantity, `x` a number or a text,
 * or the name of a type; then `[]` for a list, `{}` for a map. `0` behind a kind: its zero is not written;
 * `!`: it is always written. The last types are Prow's own (J§1.1.1).
 */
export const KUBERNETES_FIELDS = {
  PodSpec:
    'volumes:Volume[] initContainers:Container[] containers:Container[] restartPolicy ' +
    'terminationGracePeriodSeconds:i activeDeadlineSeconds:i dnsPolicy nodeSelector:{} ' +
    'serviceAccountName serviceAccount automountServiceAccountToken:b nodeName hostNetwork:b0 ' +
    'hostPID:b0 hostIPC:b0 shareProcessNamespace:b securityContext:PodSecurityContext ' +
    'imagePullSecrets:LocalObjectReference[] hostname subdomain affinity:Affinity ' +
    'schedulerName tolerations:Toleration[] hostAliases:HostAlias[] priorityClassName ' +
    'priority:i dnsConfig:PodDNSConfig readinessGates:PodReadinessGate[] runtimeClassName ' +
    'enableServiceLinks:b preemptionPolicy overhead:q{} ' +
    'topologySpreadConstraints:TopologySpreadConstraint[] setHostnameAsFQDN:b os:PodOS ' +
    'hostUsers:b schedulingGates:PodSchedulingGate[] resourceClaims:PodResourceClaim[] ' +
    'resources:ResourceRequirements hostnameOverride schedulingGroup:PodSchedulingGroup ' +
    'evictionResponders:EvictionResponder[]',
  Volume:
    'name hostPath:HostPathVolumeSource emptyDir:EmptyDirVolumeSource ' +
    'gcePersistentDisk:GCEPersistentDiskVolumeSource ' +
    'awsElasticBlockStore:AWSElasticBlockStoreVolumeSource gitRepo:GitRepoVolumeSource ' +
    'secret:SecretVolumeSource nfs:NFSVolumeSource iscsi:ISCSIVolumeSource ' +
    'glusterfs:GlusterfsVolumeSource persistentVolumeClaim:PersistentVolumeClaimVolumeSource ' +
    'rbd:RBDVolumeSource flexVolume:FlexVolumeSource cinder:CinderVolumeSource ' +
    'cephfs:CephFSVolumeSource flocker:FlockerVolumeSource ' +
    'downwardAPI:DownwardAPIVolumeSource fc:FCVolumeSource azureFile:AzureFileVolumeSource ' +
    'configMap:ConfigMapVolumeSource vsphereVolume:VsphereVirtualDiskVolumeSource ' +
    'quobyte:QuobyteVolumeSource azureDisk:AzureDiskVolumeSource ' +
    'photonPersistentDisk:PhotonPersistentDiskVolumeSource projected:ProjectedVolumeSource ' +
    'portworxVolume:PortworxVolumeSource scaleIO:ScaleIOVolumeSource ' +
    'storageos:StorageOSVolumeSource csi:CSIVolumeSource ephemeral:EphemeralVolumeSource ' +
    'image:ImageVolumeSource',
  HostPathVolumeSource: 'path type',
  EmptyDirVolumeSource: 'medium sizeLimit:q mode:i',
  GCEPersistentDiskVolumeSource: 'pdName fsType partition:i0 readOnly:b0',
  AWSElasticBlockStoreVolumeSource: 'volumeID fsType partition:i0 readOnly:b0',
  GitRepoVolumeSource: 'repository revision directory',
  SecretVolumeSource: 'secretName items:KeyToPath[] defaultMode:i optional:b defaultUser:i',
  KeyToPath: 'key path mode:i user:i',
  NFSVolumeSource: 'server path readOnly:b0',
  ISCSIVolumeSource:
    'targetPortal iqn lun:i! iscsiInterface fsType readOnly:b0 portals:[] ' +
    'chapAuthDiscovery:b0 chapAuthSession:b0 secretRef:LocalObjectReference initiatorName',
  LocalObjectReference: 'name',
  GlusterfsVolumeSource: 'endpoints path readOnly:b0',
  PersistentVolumeClaimVolumeSource: 'claimName readOnly:b0',
  RBDVolumeSource:
    'monitors:[] image fsType pool user keyring secretRef:LocalObjectReference readOnly:b0',
  FlexVolumeSource: 'driver fsType secretRef:LocalObjectReference readOnly:b0 options:{}',
  CinderVolumeSource: 'volumeID fsType readOnly:b0 secretRef:LocalObjectReference',
  CephFSVolumeSource: 'monitors:[] path user secretFile secretRef:LocalObjectReference readOnly:b0',
  FlockerVolumeSource: 'datasetName datasetUUID',
  DownwardAPIVolumeSource: 'items:DownwardAPIVolumeFile[] defaultMode:i defaultUser:i',
  DownwardAPIVolumeFile:
    'path fieldRef:ObjectFieldSelector resourceFieldRef:ResourceFieldSelector mode:i user:i',
  ObjectFieldSelector: 'apiVersion fieldPath',
  ResourceFieldSelector: 'containerName resource divisor:q!',
  FCVolumeSource: 'targetWWNs:[] lun:i fsType readOnly:b0 wwids:[]',
  AzureFileVolumeSource: 'secretName shareName readOnly:b0',
  ConfigMapVolumeSource: 'name items:KeyToPath[] defaultMode:i optional:b defaultUser:i',
  VsphereVirtualDiskVolumeSource: 'volumePath fsType storagePolicyName storagePolicyID',
  QuobyteVolumeSource: 'registry volume readOnly:b0 user group tenant',
  AzureDiskVolumeSource: 'diskName diskURI cachingMode fsType readOnly:b kind',
  PhotonPersistentDiskVolumeSource: 'pdID fsType',
  ProjectedVolumeSource: 'sources:VolumeProjection[] defaultMode:i defaultUser:i',
  VolumeProjection:
    'secret:SecretProjection downwardAPI:DownwardAPIProjection configMap:ConfigMapProjection ' +
    'serviceAccountToken:ServiceAccountTokenProjection ' +
    'clusterTrustBundle:ClusterTrustBundleProjection podCertificate:PodCertificateProjection',
  SecretProjection: 'name items:KeyToPath[] optional:b',
  DownwardAPIProjection: 'items:DownwardAPIVolumeFile[]',
  ConfigMapProjection: 'name items:KeyToPath[] optional:b',
  ServiceAccountTokenProjection: 'audience expirationSeconds:i path user:i',
  ClusterTrustBundleProjection:
    'name signerName labelSelector:LabelSelector optional:b path user:i',
  LabelSelector: 'matchLabels:{} matchExpressions:LabelSelectorRequirement[]',
  LabelSelectorRequirement: 'key operator values:[]',
  PodCertificateProjection:
    'signerName keyType maxExpirationSeconds:i credentialBundlePath keyPath ' +
    'certificateChainPath userAnnotations:{} user:i',
  PortworxVolumeSource: 'volumeID fsType readOnly:b0',
  ScaleIOVolumeSource:
    'gateway system secretRef:LocalObjectReference sslEnabled:b0 protectionDomain storagePool ' +
    'storageMode volumeName fsType readOnly:b0',
  StorageOSVolumeSource:
    'volumeName volumeNamespace fsType readOnly:b0 secretRef:LocalObjectReference',
  CSIVolumeSource:
    'driver readOnly:b fsType volumeAttributes:{} nodePublishSecretRef:LocalObjectReference',
  EphemeralVolumeSource: 'volumeClaimTemplate:PersistentVolumeClaimTemplate',
  PersistentVolumeClaimTemplate: 'metadata:ObjectMeta spec:PersistentVolumeClaimSpec',
  ObjectMeta: 'name generateName namespace labels:{} annotations:{} finalizers:[]',
  PersistentVolumeClaimSpec:
    'accessModes:[] selector:LabelSelector resources:VolumeResourceRequirements volumeName ' +
    'storageClassName volumeMode dataSource:TypedLocalObjectReference ' +
    'dataSourceRef:TypedObjectReference volumeAttributesClassName',
  VolumeResourceRequirements: 'limits:q{} requests:q{}',
  TypedLocalObjectReference: 'apiGroup kind name',
  TypedObjectReference: 'apiGroup kind name namespace',
  ImageVolumeSource: 'reference pullPolicy',
  Container:
    'name image command:[] args:[] workingDir ports:ContainerPort[] envFrom:EnvFromSource[] ' +
    'env:EnvVar[] resources:ResourceRequirements resizePolicy:ContainerResizePolicy[] ' +
    'restartPolicy restartPolicyRules:ContainerRestartRule[] volumeMounts:VolumeMount[] ' +
    'volumeDevices:VolumeDevice[] livenessProbe:Probe readinessProbe:Probe startupProbe:Probe ' +
    'lifecycle:Lifecycle terminationMessagePath terminationMessagePolicy imagePullPolicy ' +
    'securityContext:SecurityContext stdin:b0 stdinOnce:b0 tty:b0',
  ContainerPort: 'name hostPort:i0 containerPort:i! protocol hostIP',
  EnvFromSource: 'prefix configMapRef:ConfigMapEnvSource secretRef:SecretEnvSource',
  ConfigMapEnvSource: 'name optional:b',
  SecretEnvSource: 'name optional:b',
  EnvVar: 'name value valueFrom:EnvVarSource',
  EnvVarSource:
    'fieldRef:ObjectFieldSelector resourceFieldRef:ResourceFieldSelector ' +
    'configMapKeyRef:ConfigMapKeySelector secretKeyRef:SecretKeySelector ' +
    'fileKeyRef:FileKeySelector',
  ConfigMapKeySelector: 'name key optional:b',
  SecretKeySelector: 'name key optional:b',
  FileKeySelector: 'volumeName path key optional:b',
  ResourceRequirements: 'limits:q{} requests:q{} claims:ResourceClaim[]',
  ResourceClaim: 'name request',
  ContainerResizePolicy: 'resourceName restartPolicy',
  ContainerRestartRule: 'action exitCodes:ContainerRestartRuleOnExitCodes',
  ContainerRestartRuleOnExitCodes: 'operator values:i[]',
  VolumeMount:
    'name readOnly:b0 recursiveReadOnly mountPath subPath mountPropagation subPathExpr ' +
    'bindMountOptions:[]',
  VolumeDevice: 'name devicePath',
  Probe:
    'exec:ExecAction httpGet:HTTPGetAction tcpSocket:TCPSocketAction grpc:GRPCAction ' +
    'initialDelaySeconds:i0 timeoutSeconds:i0 periodSeconds:i0 successThreshold:i0 ' +
    'failureThreshold:i0 terminationGracePeriodSeconds:i',
  ExecAction: 'command:[]',
  HTTPGetAction: 'path port:x! host scheme httpHeaders:HTTPHeader[] protocol',
  HTTPHeader: 'name value',
  TCPSocketAction: 'port:x! host',
  GRPCAction: 'port:i! service mode',
  Lifecycle: 'postStart:LifecycleHandler preStop:LifecycleHandler stopSignal',
  LifecycleHandler:
    'exec:ExecAction httpGet:HTTPGetAction tcpSocket:TCPSocketAction sleep:SleepAction',
  SleepAction: 'seconds:i!',
  SecurityContext:
    'capabilities:Capabilities privileged:b seLinuxOptions:SELinuxOptions ' +
    'windowsOptions:WindowsSecurityContextOptions runAsUser:i runAsGroup:i runAsNonRoot:b ' +
    'readOnlyRootFilesystem:b allowPrivilegeEscalation:b procMount ' +
    'seccompProfile:SeccompProfile appArmorProfile:AppArmorProfile',
  Capabilities: 'add:[] drop:[]',
  SELinuxOptions: 'user role type level',
  WindowsSecurityContextOptions:
    'gmsaCredentialSpecName gmsaCredentialSpec runAsUserName hostProcess:b',
  SeccompProfile: 'type localhostProfile',
  AppArmorProfile: 'type localhostProfile',
  PodSecurityContext:
    'seLinuxOptions:SELinuxOptions windowsOptions:WindowsSecurityContextOptions runAsUser:i ' +
    'runAsGroup:i runAsNonRoot:b supplementalGroups:i[] supplementalGroupsPolicy fsGroup:i ' +
    'sysctls:Sysctl[] fsGroupChangePolicy seccompProfile:SeccompProfile ' +
    'appArmorProfile:AppArmorProfile seLinuxChangePolicy',
  Sysctl: 'name value',
  Affinity: 'nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity',
  NodeAffinity:
    'requiredDuringSchedulingIgnoredDuringExecution:NodeSelector ' +
    'preferredDuringSchedulingIgnoredDuringExecution:PreferredSchedulingTerm[]',
  NodeSelector: 'nodeSelectorTerms:NodeSelectorTerm[]',
  NodeSelectorTerm:
    'matchExpressions:NodeSelectorRequirement[] matchFields:NodeSelectorRequirement[]',
  NodeSelectorRequirement: 'key operator values:[]',
  PreferredSchedulingTerm: 'weight:i! preference:NodeSelectorTerm',
  PodAffinity:
    'requiredDuringSchedulingIgnoredDuringExecution:PodAffinityTerm[] ' +
    'preferredDuringSchedulingIgnoredDuringExecution:WeightedPodAffinityTerm[]',
  PodAffinityTerm:
    'labelSelector:LabelSelector namespaces:[] topologyKey namespaceSelector:LabelSelector ' +
    'matchLabelKeys:[] mismatchLabelKeys:[]',
  WeightedPodAffinityTerm: 'weight:i! podAffinityTerm:PodAffinityTerm',
  PodAntiAffinity:
    'requiredDuringSchedulingIgnoredDuringExecution:PodAffinityTerm[] ' +
    'preferredDuringSchedulingIgnoredDuringExecution:WeightedPodAffinityTerm[]',
  Toleration: 'key operator value effect tolerationSeconds:i',
  HostAlias: 'ip hostnames:[]',
  PodDNSConfig: 'nameservers:[] searches:[] options:PodDNSConfigOption[]',
  PodDNSConfigOption: 'name value',
  PodReadinessGate: 'conditionType',
  TopologySpreadConstraint:
    'maxSkew:i! topologyKey whenUnsatisfiable labelSelector:LabelSelector minDomains:i ' +
    'nodeAffinityPolicy nodeTaintsPolicy matchLabelKeys:[]',
  PodOS: 'name',
  PodSchedulingGate: 'name',
  PodResourceClaim: 'name resourceClaimName resourceClaimTemplateName',
  PodSchedulingGroup: 'podGroupName',
  EvictionResponder: 'name priority:i',
  ReporterConfig: 'slack:SlackReporterConfig',
  SlackReporterConfig: 'host channel job_states_to_report:[] report_template report:b',
  RerunAuthConfig:
    'allow_anyone:b0 github_team_ids:i[] github_team_slugs:GitHubTeamSlug[] github_users:[] ' +
    'github_orgs:[]',
  GitHubTeamSlug: 'slug org',
  JenkinsSpec: 'github_branch_source_job:b0',
  UtilityResources:
    'clonerefs:ResourceRequirements initupload:ResourceRequirements ' +
    'place_entrypoint:ResourceRequirements sidecar:ResourceRequirements',
  SchedulingOptions: 'affinity:Affinity tolerations:Toleration[]',
} as const satisfies Readonly<Record<string, string>>;
