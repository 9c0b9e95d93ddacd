targetScope = 'subscription'

@minLength(1)
@maxLength(64)
@description('Name of the azd environment: every resource name is derived from it.')
param environmentName string

@minLength(1)
@description('Region of every resource. It must offer Flex Consumption.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Object id of a person who may use the data services while debugging. Empty for nobody.')
param principalId string = ''

@minValue(1)
@maxValue(32)
@description('Partitions of the hub of ticks: the most instances that take ticks in parallel. Cannot be changed later.')
param ticksPartitions int = 32

@minValue(1)
@maxValue(40)
@description('Event Hubs throughput units: 1 MB/s or 1,000 events/s in, each.')
param eventHubsThroughputUnits int = 1

@minValue(0)
@maxValue(40)
@description('Throughput units that Azure may add by itself under load; 0 for none.')
param eventHubsMaximumUnits int = 0

// Above 0 only once everything is there: the identity may write by then.
@minValue(0)
@description('Days for which every tick is kept as it came, as Avro in the storage account; 0 captures none.')
param ticksCaptureDays int = 0

@description('True for Cosmos DB without provisioned throughput; false for autoscale up to cosmosMaxThroughput.')
param cosmosServerless bool = false

@minValue(1000)
@description('Autoscale maximum in RU/s that the containers share. Not used when serverless.')
param cosmosMaxThroughput int = 4000

@minValue(0)
@description('Autoscale maximum in RU/s of the container of ticks alone; 0 lets it share. capacity.md says how many.')
param cosmosTicksThroughput int = 0

@description('Spreads everything over the zones of the region, where it offers them.')
param zoneRedundant bool = false

@description('A second region for the documents and files, where they go on when the first is lost. Empty for none.')
param secondLocation string = ''

@minValue(1)
@maxValue(100)
@description('SignalR units: 1,000 connections each.')
param signalRUnits int = 1

@minValue(40)
@maxValue(1000)
@description('The most instances that the function app grows to.')
param maximumInstances int = 40

@allowed([512, 2048, 4096])
@description('Memory of an instance in MB.')
param instanceMemory int = 2048

@description('Instances that are always there, by name (http, durable or function:NAME). Those of http keep pages quick.')
param alwaysReady array = [{ name: 'http', instanceCount: 1 }]

@minValue(1)
@maxValue(1000)
@description('Requests that an instance takes at once.')
param httpConcurrency int = 100

@description('Updates instances one after the other, so that nobody notices. Azure offers it as a preview.')
param rollingUpdates bool = false

@allowed(['storage', 'scheduler'])
@description('Where orchestrations are kept: the storage account, or Durable Task Scheduler.')
param durableBackend string = 'storage'

@description('Azure Front Door before web client and API, as one origin. Without it they need domains of one site of your own.')
param frontDoor bool = true

@allowed(['centralus', 'eastasia', 'eastus2', 'westeurope', 'westus2'])
@description('Where Static Web Apps keeps the web client; it serves it everywhere.')
param webLocation string = 'eastasia'

@description('Free, or Standard.')
param webSku string = 'Free'

@minValue(-1)
@description('Gigabytes of logs a day after which nothing more is taken in; -1 for no end.')
param logsDailyGigabytes int = 5

@description('Who is told of alerts and of the budget. Empty for nobody.')
param alertEmail string = ''

@minValue(0)
@description('Budget a month in the currency of the subscription; 0 for none. It warns, and stops nothing.')
param budgetAmount int = 0

@description('First day of the month from which the budget counts. hooks/preprovision.mjs keeps the first.')
param budgetStart string = ''

@description('Where the repository is read on the web, such as https://github.com/NAME/finvault, for links to runbooks.')
param repositoryUrl string = ''

@description('Origins beside the web client\'s own from which browsers may call the API and the live connection.')
param allowedOrigins array = []

@secure()
@description('System key of the SignalR extension, which exists once the app is deployed: hooks/postdeploy.mjs sets it.')
param signalRExtensionKey string = ''

@secure()
@description('What stands in the vault, by name. Empty ones are left out, and what needs them is off.')
param secrets object

@description('What FinVault needs of others, and is off without; main.parameters.json has every name.')
param options object

var abbreviations = loadJsonContent('./abbreviations.json')
var resourceToken = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var functionAppName = '${abbreviations.functionApp}${resourceToken}'
var functionAppHost = '${functionAppName}.azurewebsites.net'
var origins = union(allowedOrigins, [web.outputs.publicUri])
var storageSku = empty(secondLocation) ? (zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS') : (zoneRedundant ? 'Standard_GZRS' : 'Standard_GRS')
var ticksHub = 'ticks'
var liveHub = 'finvault'
var deploymentContainer = 'app-package'
var captureContainer = 'captured'
var taskHub = 'FinVault'

resource group 'Microsoft.Resources/resourceGroups@2021-04-01' = {
  name: '${abbreviations.resourceGroup}${environmentName}'
  location: location
  tags: tags
}

module identity './app/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: '${abbreviations.managedIdentity}${resourceToken}'
    location: location
    tags: tags
  }
}

module monitoring './app/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: '${abbreviations.logAnalyticsWorkspace}${resourceToken}'
    name: '${abbreviations.applicationInsights}${resourceToken}'
    location: location
    tags: tags
    dailyGigabytes: logsDailyGigabytes
    alertPrefix: '${abbreviations.alert}${resourceToken}-'
    alertEmail: alertEmail
    repositoryUrl: repositoryUrl
    budgetName: '${abbreviations.budget}${resourceToken}'
    budgetAmount: budgetAmount
    budgetStart: budgetStart
  }
}

module storage './app/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: '${abbreviations.storageAccount}${resourceToken}'
    location: location
    tags: tags
    deploymentContainer: deploymentContainer
    sku: storageSku
    captureContainer: captureContainer
    capturesTicks: ticksCaptureDays > 0
    captureDays: max(1, ticksCaptureDays)
  }
}

module uploads './app/uploads.bicep' = {
  name: 'uploads'
  scope: group
  params: {
    name: '${abbreviations.storageAccount}up${resourceToken}'
    location: location
    tags: tags
    allowedOrigins: origins
    sku: storageSku
  }
}

module eventHubs './app/eventhubs.bicep' = {
  name: 'eventhubs'
  scope: group
  params: {
    name: '${abbreviations.eventHubsNamespace}${resourceToken}'
    location: location
    tags: tags
    ticksHub: ticksHub
    partitions: ticksPartitions
    throughputUnits: eventHubsThroughputUnits
    maximumThroughputUnits: eventHubsMaximumUnits
    identityName: identity.outputs.name
    captureAccountName: ticksCaptureDays > 0 ? storage.outputs.name : ''
    captureContainer: captureContainer
  }
}

module cosmos './app/cosmos.bicep' = {
  name: 'cosmos'
  scope: group
  params: {
    name: '${abbreviations.cosmosAccount}${resourceToken}'
    location: location
    tags: tags
    serverless: cosmosServerless
    maxThroughput: cosmosMaxThroughput
    ticksThroughput: cosmosTicksThroughput
    zoneRedundant: zoneRedundant
    secondLocation: secondLocation
  }
}

module signalR './app/signalr.bicep' = {
  name: 'signalr'
  scope: group
  params: {
    name: '${abbreviations.signalR}${resourceToken}'
    location: location
    tags: tags
    hub: liveHub
    units: signalRUnits
    zoneRedundant: zoneRedundant
    allowedOrigins: origins
    functionAppUri: 'https://${functionAppHost}'
    extensionKey: signalRExtensionKey
  }
}

module vault './app/vault.bicep' = {
  name: 'vault'
  scope: group
  params: {
    name: '${abbreviations.keyVault}${resourceToken}'
    location: location
    tags: tags
    secrets: secrets
  }
}

module scheduler './app/scheduler.bicep' = if (durableBackend == 'scheduler') {
  name: 'scheduler'
  scope: group
  params: {
    name: '${abbreviations.durableTaskScheduler}${resourceToken}'
    location: location
    tags: tags
    hub: taskHub
  }
}

module web './app/web.bicep' = {
  name: 'web'
  scope: group
  params: {
    name: '${abbreviations.staticWebApp}${resourceToken}'
    location: webLocation
    tags: tags
    sku: webSku
    apiHost: functionAppHost
    hasFrontDoor: frontDoor
    frontDoorName: '${abbreviations.frontDoor}${resourceToken}'
    endpointName: 'finvault-${resourceToken}'
    wallName: '${abbreviations.firewallPolicy}${resourceToken}'
  }
}

module api './app/api.bicep' = {
  name: 'api'
  scope: group
  params: {
    name: functionAppName
    planName: '${abbreviations.functionAppPlan}${resourceToken}'
    location: location
    tags: tags
    identityName: identity.outputs.name
    storageAccountName: storage.outputs.name
    deploymentContainer: deploymentContainer
    applicationInsightsName: monitoring.outputs.name
    eventHubsNamespaceName: eventHubs.outputs.name
    ticksHub: ticksHub
    cosmosAccountName: cosmos.outputs.name
    signalRName: signalR.outputs.name
    uploadsUri: uploads.outputs.uri
    maximumInstances: maximumInstances
    instanceMemory: instanceMemory
    alwaysReady: alwaysReady
    httpConcurrency: httpConcurrency
    rollingUpdates: rollingUpdates
    zoneRedundant: zoneRedundant
    schedulerEndpoint: durableBackend == 'scheduler' ? scheduler.outputs.endpoint : ''
    frontDoorId: web.outputs.frontDoorId
    allowedOrigins: origins
    vaultUri: vault.outputs.uri
    secretNames: map(filter(items(secrets), each => !empty(each.value)), each => each.key)
    webBaseUrl: empty(options.webBaseUrl) ? web.outputs.publicUri : options.webBaseUrl
    options: options
  }
  // An app that starts before it may read its storage and its hub fails until it is restarted.
  dependsOn: [roles]
}

module roles './app/rbac.bicep' = {
  name: 'rbac'
  scope: group
  params: {
    identityPrincipalId: identity.outputs.principalId
    vaultName: vault.outputs.name
    userPrincipalId: principalId
    storageAccountName: storage.outputs.name
    uploadsAccountName: uploads.outputs.name
    eventHubsNamespaceName: eventHubs.outputs.name
    cosmosAccountName: cosmos.outputs.name
    signalRName: signalR.outputs.name
    applicationInsightsName: monitoring.outputs.name
    schedulerName: durableBackend == 'scheduler' ? scheduler.outputs.name : ''
  }
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output SERVICE_API_NAME string = api.outputs.name
output SERVICE_API_URI string = api.outputs.uri
output SERVICE_WEB_NAME string = web.outputs.name
output SERVICE_WEB_URI string = web.outputs.uri
output PUBLIC_URI string = web.outputs.publicUri
output STORAGE_ACCOUNT_NAME string = storage.outputs.name
output DEPLOYMENT_CONTAINER string = deploymentContainer
output TICKS_HUB string = ticksHub
output EVENTHUBS_FULLY_QUALIFIED_NAMESPACE string = eventHubs.outputs.fullyQualifiedNamespace
output COSMOS_ACCOUNT_ENDPOINT string = cosmos.outputs.endpoint
output BLOBS_SERVICE_URI string = uploads.outputs.uri
output SIGNALR_NAME string = signalR.outputs.name
output SIGNALR_SERVICE_URI string = signalR.outputs.uri
