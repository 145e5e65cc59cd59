{{- define "agentgateway.name" -}}
{{- default .Release.Name .Values.fullnameOverride | trunc 63 -}}
{{- end -}}

{{- define "agentgateway.selector" -}}
agentgateway: agentgateway
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "agentgateway.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "agentgateway.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* A bare version gets its v; other tags are taken as they are. */}}
{{- define "agentgateway.tag" -}}
{{- $tag := . -}}
{{- if regexMatch "^[0-9]+\\.[0-9]+\\.[0-9]+" $tag }}v{{ end }}{{ $tag -}}
{{- end -}}

{{/* Settings of 2.x begin with KGW_, those of 1.x with AGW_. */}}
{{- define "agentgateway.prefix" -}}
{{- if hasPrefix "2." (trimPrefix "v" .Chart.AppVersion) }}KGW{{ else }}AGW{{ end -}}
{{- end -}}

{{/* The proxy of 2.2 has versions of its own. */}}
{{- define "agentgateway.proxyTag" -}}
{{- if hasPrefix "2." (trimPrefix "v" .Chart.AppVersion) }}0.12.0{{ else }}{{ include "agentgateway.tag" .Chart.AppVersion }}{{ end -}}
{{- end -}}
