param name string
param workspaceName string
param location string
param tags object

@minValue(30)
@maxValue(730)
param retentionInDays int = 30

@description('Gigabytes a day after which nothing more is taken in, so that a loop of errors costs no fortune; -1 for no end.')
param dailyGigabytes int

@description('What the names of alerts begin with.')
param alertPrefix string

@description('Who is told of alerts and of the budget; empty for nobody.')
param alertEmail string
param repositoryUrl string
param budgetName string
param budgetAmount int
param budgetStart string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    retentionInDays: retentionInDays
    sku: { name: 'PerGB2018' }
    workspaceCapping: { dailyQuotaGb: dailyGigabytes }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: name
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

module alerts './alerts.bicep' = {
  name: 'alerts'
  params: {
    namePrefix: alertPrefix
    location: location
    tags: tags
    workspaceName: workspace.name
    alertEmail: alertEmail
    repositoryUrl: repositoryUrl
  }
}

module budget './budget.bicep' = if (budgetAmount > 0 && !empty(alertEmail) && !empty(budgetStart)) {
  name: 'budget'
  params: {
    name: budgetName
    amount: budgetAmount
    startDate: budgetStart
    email: alertEmail
  }
}

output name string = insights.name
