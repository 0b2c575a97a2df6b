// Package csm says which of a chart's settings are numbers of replicas in releases of
// Cray System Management.
package csm

import "planewise/model/customizations"

// BaseChart is the vendor's (Cray-HPE/base-charts, kubernetes/cray-service/templates).
func BaseChart() customizations.BaseChart {
	return customizations.BaseChart{
		Key:      "cray-service",
		Replicas: "replicaCount", Kind: "type", Name: "fullnameOverride",
		Databases: "sqlCluster.instanceCount", DatabaseSuffix: "-postgres",
	}
}
