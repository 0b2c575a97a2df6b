//go:build realkube

package kube

import (
	"bytes"
	"fmt"
)

// realObjects are nine nodes and what runs on them, more pods than a page has.
func realObjects() []byte {
	var b bytes.Buffer
	add := func(format string, args ...any) { fmt.Fprintf(&b, "---\n"+format+"\n", args...) }
	for _, ns := range []string{"services", "loftsman"} {
		add(`{"apiVersion":"v1","kind":"Namespace","metadata":{"name":%q}}`, ns)
	}
	node := func(name, labels string) {
		add(`{"apiVersion":"v1","kind":"Node","metadata":{"name":%q,"labels":{"kubernetes.io/arch":"amd64"%s}},"status":{"nodeInfo":{"kubeletVersion":"v1.24.17","kernelVersion":"5.14.21","osImage":"SLES","architecture":"amd64",
			"machineID":"","systemUUID":"","bootID":"","containerRuntimeVersion":"","kubeProxyVersion":"","operatingSystem":"linux"},"conditions":[{"type":"Ready","status":"True"}]}}`, name, labels)
	}
	for i := range 3 {
		node(fmt.Sprintf("ncn-m%03d", i+1), `,"node-role.kubernetes.io/control-plane":""`)
	}
	for i := range 6 {
		node(fmt.Sprintf("ncn-w%03d", i+1), `,"cps-pm-node":"True"`)
	}
	template := func(app string) string {
		return fmt.Sprintf(`"selector":{"matchLabels":{"app":%[1]q}},"template":{"metadata":{"labels":{"app":%[1]q}},"spec":{"containers":[{"name":"c","image":"i","env":[{"name":"PASSWORD","value":"planted-env"}]}],
			"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"state"}}]}}`, app)
	}
	add(`{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"cray-bss","namespace":"services"},"spec":{"replicas":3,"strategy":{"rollingUpdate":{"maxUnavailable":1}},%s}}`, template("bss"))
	add(`{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"one","namespace":"services"},"spec":{"replicas":1,"strategy":{"type":"Recreate"},%s}}`, template("one"))
	add(`{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"cray-bss-etcd","namespace":"services"},"spec":{"replicas":3,"serviceName":"e",%s}}`, template("etcd"))
	add(`{"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"agent","namespace":"services"},"spec":{%s}}`, template("agent"))
	add(`{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"bss","namespace":"services"},"spec":{"minAvailable":2,"selector":{"matchLabels":{"app":"bss"}}}}`)
	add(`{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"etcd","namespace":"services"},"spec":{"maxUnavailable":1,"selector":{"matchLabels":{"app":"etcd"}}}}`)
	add(`{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"state","namespace":"services"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}`)
	add(`{"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"backup","namespace":"services"},"spec":{"schedule":"0 1 * * *","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}}}`)
	add(`{"apiVersion":"v1","kind":"Secret","metadata":{"name":"sh.helm.release.v1.bss.v1","namespace":"services"},"stringData":{"release":"planted-secret"}}`)
	add(`{"apiVersion":"v1","kind":"Secret","metadata":{"name":"site-init","namespace":"loftsman"},"stringData":{"customizations.yaml":"planted-secret"}}`)
	add(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"loftsman-sysmgmt","namespace":"loftsman"},"data":{"status":"success","manifest.yaml":"spec:\n  charts:\n  - {name: cray-hms-bss, version: 3.1.4, namespace: services, values: {password: planted-value}}\n"}}`)
	add(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"loftsman-sysmgmt-ship-log","namespace":"loftsman"},"data":{"loftsman.log":"planted-log"}}`)
	add(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cray-product-catalog","namespace":"services"},"data":{"csm":"1.5.2:\n  configuration:\n    clone_url: https://planted-url@vcs/csm.git\n"}}`)
	add(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"other","namespace":"services"},"data":{"a":"planted-other"}}`)
	for i := range 620 {
		add(`{"apiVersion":"v1","kind":"Pod","metadata":{"name":"cray-bss-6f7d9c-%04d","namespace":"services","labels":{"app":"bss","pod-template-hash":"6f7d9c"},
			"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"cray-bss-6f7d9c","uid":"u","controller":true}]},"spec":{"nodeName":"ncn-w%03d","containers":[{"name":"c","image":"i","env":[{"name":"PASSWORD","value":"planted-env"}]}]}}`, i, i%6+1)
	}
	return b.Bytes()
}

const realCRD = `{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"postgresqls.acid.zalan.do"},"spec":{"group":"acid.zalan.do","scope":"Namespaced",
	"names":{"kind":"postgresql","listKind":"postgresqlList","plural":"postgresqls","singular":"postgresql"},
	"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}`
