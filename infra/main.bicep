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

@description('True for Cosmos DB without provisioned throughput; false for autoscale up to cosmosMaxThroughput.')
param cosmosServerless bool = false

@minValue(1000)
@description('Autoscale maximum in RU/s that the containers share. Not used when serverless.')
param cosmosMaxThroughput int = 4000

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

@description('Origins from which browsers may call the API and the live connection.')
param allowedOrigins array = []

@secure()
@description('System key of the SignalR extension, which exists once the app is deployed: hooks/postdeploy.sh sets it.')
param signalRExtensionKey string = ''

@description('Address of the API of the payment provider. Empty until there is a contract: wallets then only show.')
param paymentProviderUrl string = ''

@secure()
@description('The key that the payment provider gave us.')
param paymentProviderKey string = ''

@secure()
@description('The secret that the payment provider signs its webhooks with. Without it none is taken.')
param paymentWebhookSecret string = ''

@secure()
@description('The secret before that one, while the provider changes over.')
param paymentPreviousWebhookSecret string = ''

@secure()
@description('At least 32 random bytes, base64: codes of gift cards come from it. With another key no won card is found any more.')
param giftCardKey string = ''

@secure()
@description('Keys of access tokens, kid:BASE64;… hooks/preprovision.sh makes the first.')
param accessTokenKeys string

@secure()
@description('Keys of refresh tokens, none of them shared with access tokens.')
param refreshTokenKeys string

@secure()
@description('Keys of what is encrypted in the database.')
param secretKeys string

@description('Where the web client stands, for links in mails. Empty: at the app itself.')
param webBaseUrl string = ''

@description('E-mail address of the first administrator. Empty for none.')
param firstAdmin string = ''

@description('The service that verifies tasks in social networks. Empty: verifications wait.')
param socialUrl string = ''

@secure()
@description('Our key there.')
param socialKey string = ''

@description('Mail server, by SMTP with TLS on port 587. Empty: nobody can register.')
param mailHost string = ''

param mailUser string = ''

@secure()
param mailPassword string = ''

param mailFrom string = ''

@description('User name of the Telegram bot that tells users. Empty for none.')
param telegramBotName string = ''

@secure()
@description('The token of the bot, as BotFather gives it.')
param telegramBotToken string = ''

@secure()
@description('What the webhook of the bot is registered with (secret_token).')
param telegramWebhookSecret string = ''

@secure()
@description('Private key of web push (VAPID): 32 bytes of P-256 as base64url. Empty for none.')
param webPushKey string = ''

@description('FinVault as Google knows it. Empty: no sign-in with Google.')
param googleClientId string = ''

@secure()
param googleClientSecret string = ''

var abbreviations = loadJsonContent('./abbreviations.json')
var resourceToken = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var functionAppName = '${abbreviations.functionApp}${resourceToken}'
var functionAppUri = 'https://${functionAppName}.azurewebsites.net'
var ticksHub = 'ticks'
var liveHub = 'finvault'
var deploymentContainer = 'app-package'

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
  }
}

module uploads './app/uploads.bicep' = {
  name: 'uploads'
  scope: group
  params: {
    name: '${abbreviations.storageAccount}up${resourceToken}'
    location: location
    tags: tags
    allowedOrigins: allowedOrigins
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
    allowedOrigins: allowedOrigins
    functionAppUri: functionAppUri
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
    accessTokenKeys: accessTokenKeys
    refreshTokenKeys: refreshTokenKeys
    secretKeys: secretKeys
    mailPassword: mailPassword
    telegramBotToken: telegramBotToken
    telegramWebhookSecret: telegramWebhookSecret
    webPushKey: webPushKey
    paymentProviderKey: paymentProviderKey
    paymentWebhookSecret: paymentWebhookSecret
    paymentPreviousWebhookSecret: paymentPreviousWebhookSecret
    socialKey: socialKey
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
    allowedOrigins: allowedOrigins
    paymentProviderUrl: paymentProviderUrl
    hasPaymentProviderKey: !empty(paymentProviderKey)
    hasPaymentWebhookSecret: !empty(paymentWebhookSecret)
    hasPreviousSecret: !empty(paymentPreviousWebhookSecret)
    giftCardKey: giftCardKey
    vaultUri: vault.outputs.uri
    webBaseUrl: empty(webBaseUrl) ? functionAppUri : webBaseUrl
    firstAdmin: firstAdmin
    mailHost: mailHost
    mailUser: mailUser
    hasMailPassword: !empty(mailPassword)
    mailFrom: mailFrom
    telegramBotName: telegramBotName
    hasWebPushKey: !empty(webPushKey)
    googleClientId: googleClientId
    googleClientSecret: googleClientSecret
    socialUrl: socialUrl
    hasSocialKey: !empty(socialKey)
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
  }
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output SERVICE_API_NAME string = api.outputs.name
output SERVICE_API_URI string = api.outputs.uri
output EVENTHUBS_FULLY_QUALIFIED_NAMESPACE string = eventHubs.outputs.fullyQualifiedNamespace
output COSMOS_ACCOUNT_ENDPOINT string = cosmos.outputs.endpoint
output BLOBS_SERVICE_URI string = uploads.outputs.uri
output SIGNALR_NAME string = signalR.outputs.name
output SIGNALR_SERVICE_URI string = signalR.outputs.uri
