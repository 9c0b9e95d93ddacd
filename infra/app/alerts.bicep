param namePrefix string
param location string
param tags object
param workspaceName string

@description('Who is told of an alert. Empty for nobody: it then only shows in the portal.')
param alertEmail string

@description('Where the repository is read on the web, for the links to the runbooks; empty leaves their paths.')
param repositoryUrl string

// One file for Azure and for the tests, which hold its queries against what the code emits.
var alerts = loadJsonContent('../alerts.json')
var runbooks = empty(repositoryUrl) ? '' : '${repositoryUrl}/blob/main/'

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${namePrefix}operators'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'finvault'
    enabled: true
    emailReceivers: empty(alertEmail) ? [] : [
      {
        name: 'operators'
        emailAddress: alertEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

// Each query answers with rows only when something is wrong, so the condition is the same for all.
resource rule 'Microsoft.Insights/scheduledQueryRules@2025-01-01-preview' = [
  for alert in alerts: {
    name: '${namePrefix}${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.title
      description: '${alert.meaning} Runbook: ${runbooks}${alert.runbook}'
      severity: alert.severity
      enabled: true
      scopes: [workspace.id]
      evaluationFrequency: alert.every
      windowSize: alert.window
      autoMitigate: true
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: { actionGroups: [people.id] }
    }
  }
]

resource dashboard 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'finvault')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'FinVault'
    category: 'workbook'
    sourceId: workspace.id
    version: '1.0'
    serializedData: loadTextContent('../workbook.json')
  }
}
