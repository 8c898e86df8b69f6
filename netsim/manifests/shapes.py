"""The fields of the kinds that netsim reads, as Kubernetes 1.24 to 1.37 know them.

Every level that netsim reads lists all its field names, so that a misspelt one is a fault
(DEC-10). A field that netsim never looks into has the shape ANYTHING. What a cluster writes
itself (`status`) takes any field: dumps of newer versions have more.
"""

from __future__ import annotations

from netsim.schema.fault import Fault
from netsim.schema.metadata import OBJECT_META
from netsim.schema.remembered import judged_once
from netsim.schema.selectors import LABEL_SELECTOR
from netsim.schema.shape import (
    ANYTHING,
    BOOLEAN,
    INT32,
    INT_OR_STRING,
    STRING,
    Shape,
    list_of,
    map_of,
    struct,
)


def object_of(spec: Shape, status: Shape = ANYTHING) -> Shape:
    """A whole object: its type, its metadata, and the two parts that differ by kind."""
    return struct(apiVersion=STRING, kind=STRING, metadata=OBJECT_META, spec=spec, status=status)


def _known(names: str, /, **read: Shape) -> Shape:
    """An object with the fields of `names`, and of these the shapes of those that are read."""
    return struct({**dict.fromkeys(names.split(), ANYTHING), **read})


def _repeated(names: str, /, **read: Shape) -> Shape:
    """The same of one that is written again and again: in each environment, for each team."""
    return judged_once(_known(names, **read))


def _at_least(**read: Shape) -> Shape:
    """An object of which netsim reads these fields, and which may have any others."""
    known = struct(read)

    def check(value: object) -> list[Fault] | None:
        if type(value) is dict:
            return known({key: value[key] for key in read if key in value})
        return known(value)

    return check


CONTAINER_PORT = struct(
    name=STRING, containerPort=INT32, protocol=STRING, hostPort=INT32, hostIP=STRING
)
CONTAINER = _known(
    "args command env envFrom image imagePullPolicy lifecycle livenessProbe readinessProbe "
    "resizePolicy resources restartPolicyRules securityContext startupProbe stdin stdinOnce "
    "terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir",
    name=STRING,
    ports=judged_once(list_of(CONTAINER_PORT)),
    restartPolicy=STRING,
)
POD_SPEC = _known(
    "activeDeadlineSeconds affinity automountServiceAccountToken dnsConfig dnsPolicy "
    "enableServiceLinks ephemeralContainers evictionResponders hostAliases hostIPC hostPID "
    "hostUsers hostname hostnameOverride imagePullSecrets nodeSelector os overhead "
    "preemptionPolicy priority priorityClassName readinessGates resourceClaims resources "
    "restartPolicy runtimeClassName schedulerName schedulingGates schedulingGroup "
    "securityContext serviceAccount serviceAccountName setHostnameAsFQDN "
    "shareProcessNamespace subdomain terminationGracePeriodSeconds tolerations "
    "topologySpreadConstraints volumes workloadRef",
    containers=list_of(CONTAINER),
    initContainers=list_of(CONTAINER),
    hostNetwork=BOOLEAN,
    nodeName=STRING,
)
_ADDRESS_ITEM = _at_least(ip=STRING)
POD = object_of(
    POD_SPEC,
    _at_least(
        phase=STRING,
        podIP=STRING,
        podIPs=list_of(_ADDRESS_ITEM),
        hostIP=STRING,
        hostIPs=list_of(_ADDRESS_ITEM),
    ),
)
POD_TEMPLATE = struct(metadata=OBJECT_META, spec=POD_SPEC)

NAMESPACE = object_of(struct(finalizers=ANYTHING))
NODE = object_of(
    _known(
        "configSource externalID podCIDR podCIDRs podPreemptionPolicy providerID taints "
        "unschedulable"
    ),
    _at_least(addresses=list_of(_at_least(type=STRING, address=STRING))),
)
SERVICE = object_of(
    _repeated(
        "allocateLoadBalancerNodePorts clusterIP clusterIPs externalIPs externalName "
        "externalTrafficPolicy healthCheckNodePort internalTrafficPolicy ipFamilies "
        "ipFamilyPolicy loadBalancerClass loadBalancerIP loadBalancerSourceRanges "
        "publishNotReadyAddresses sessionAffinity sessionAffinityConfig trafficDistribution",
        type=STRING,
        selector=map_of(STRING),
        ports=judged_once(
            list_of(
                struct(
                    name=STRING,
                    port=INT32,
                    protocol=STRING,
                    targetPort=INT_OR_STRING,
                    nodePort=INT32,
                    appProtocol=STRING,
                )
            )
        ),
    )
)

DEPLOYMENT = object_of(
    _repeated(
        "minReadySeconds paused progressDeadlineSeconds revisionHistoryLimit strategy",
        replicas=INT32,
        selector=LABEL_SELECTOR,
        template=POD_TEMPLATE,
    )
)
STATEFUL_SET = object_of(
    _repeated(
        "minReadySeconds persistentVolumeClaimRetentionPolicy podManagementPolicy "
        "revisionHistoryLimit serviceName updateStrategy volumeClaimTemplates",
        replicas=INT32,
        ordinals=struct(start=INT32),
        selector=LABEL_SELECTOR,
        template=POD_TEMPLATE,
    )
)
DAEMON_SET = object_of(
    _repeated(
        "minReadySeconds revisionHistoryLimit updateStrategy",
        selector=LABEL_SELECTOR,
        template=POD_TEMPLATE,
    )
)
REPLICA_SET = object_of(
    _repeated("minReadySeconds", replicas=INT32, selector=LABEL_SELECTOR, template=POD_TEMPLATE)
)
REPLICATION_CONTROLLER = object_of(
    _repeated("minReadySeconds", replicas=INT32, selector=map_of(STRING), template=POD_TEMPLATE)
)
JOB_SPEC = _repeated(
    "activeDeadlineSeconds backoffLimit backoffLimitPerIndex managedBy maxFailedIndexes "
    "podFailurePolicy podReplacementPolicy scheduling successPolicy ttlSecondsAfterFinished",
    completionMode=STRING,
    completions=INT32,
    manualSelector=BOOLEAN,
    parallelism=INT32,
    selector=LABEL_SELECTOR,
    suspend=BOOLEAN,
    template=POD_TEMPLATE,
)
JOB = object_of(JOB_SPEC)
CRON_JOB = object_of(
    _known(
        "concurrencyPolicy failedJobsHistoryLimit schedule startingDeadlineSeconds "
        "successfulJobsHistoryLimit timeZone",
        jobTemplate=struct(metadata=OBJECT_META, spec=JOB_SPEC),
        suspend=BOOLEAN,
    )
)
