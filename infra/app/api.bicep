param name string
param planName string
param location string
param tags object
param identityName string
param storageAccountName string
param deploymentContainer string
param applicationInsightsName string
param eventHubsNamespaceName string
param ticksHub string
param cosmosAccountName string
param signalRName string
@description('Where uploads go.')
param uploadsUri string
param maximumInstances int
param instanceMemory int

@description('Instances that are always there: a name (http, durable, or function:NAME) and how many.')
param alwaysReady array

@description('Requests that an instance takes at once before another one starts.')
param httpConcurrency int

@description('Replaces instances one after the other when a version or setting changes, instead of all at once.')
param rollingUpdates bool
param zoneRedundant bool

@description('Of the Durable Task Scheduler; empty keeps orchestrations in the storage account.')
param schedulerEndpoint string

@description('The Front Door that callers come through; empty lets anybody call the app itself.')
param frontDoorId string
param allowedOrigins array
param vaultUri string

@description('The names that the vault has.')
param secretNames array

@description('Where users find the web client.')
param webBaseUrl string

@description('What FinVault needs of others: main.parameters.json has every name.')
param options object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: identityName
}

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageAccountName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' existing = {
  name: cosmosAccountName
}

resource signalR 'Microsoft.SignalRService/signalR@2024-03-01' existing = {
  name: signalRName
}

// With an edge in front nobody else may call: its header of callers is trusted, and its limits are worth something.
// SignalR calls the webhook of its extension, which its key guards.
var entrances = [
  {
    name: 'front-door'
    priority: 100
    action: 'Allow'
    tag: 'ServiceTag'
    ipAddress: 'AzureFrontDoor.Backend'
    headers: { 'x-azure-fdid': [frontDoorId] }
  }
  {
    name: 'signalr'
    priority: 200
    action: 'Allow'
    tag: 'ServiceTag'
    ipAddress: 'AzureSignalR'
  }
]
var fromVault = '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/'
var scheduled = !empty(schedulerEndpoint)

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    functionAppConfig: {
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${deploymentContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      // HTTP and SignalR triggers share instances, orchestrations share theirs, every other function has its own.
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstances
        instanceMemoryMB: instanceMemory
        alwaysReady: alwaysReady
        triggers: { http: { perInstanceConcurrency: httpConcurrency } }
      }
      siteUpdateStrategy: { type: rollingUpdates ? 'RollingUpdate' : 'Recreate' }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      cors: { allowedOrigins: allowedOrigins }
      ipSecurityRestrictionsDefaultAction: empty(frontDoorId) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: empty(frontDoorId) ? [] : entrances
      scmIpSecurityRestrictionsUseMain: false
    }
  }
}

// Each connection to Azure is an address and an identity: no key or connection string of it is among the settings. The
// payment provider knows no such identities; its key and secrets stand in the vault.
resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    AZURE_CLIENT_ID: identity.properties.clientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
    // Unless told, the host's exporter keeps five traces a second and drops what was logged in the others, which alerts watch.
    OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage'
    OTEL_TRACES_SAMPLER_ARG: '1.0'
    AzureWebJobsStorage__blobServiceUri: storage.properties.primaryEndpoints.blob
    AzureWebJobsStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
    AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identity.properties.clientId
    // host.json names no storage provider: these do, so that one package serves both.
    AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: scheduled ? 'azureManaged' : 'AzureStorage'
    AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: scheduled ? 'DurableScheduler' : 'AzureWebJobsStorage'
    DurableScheduler: scheduled ? 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identity.properties.clientId}' : ''
    EventHubs__fullyQualifiedNamespace: '${eventHubsNamespaceName}.servicebus.windows.net'
    EventHubs__credential: 'managedidentity'
    EventHubs__clientId: identity.properties.clientId
    TicksHub: ticksHub
    TicksConsumerGroup: '$Default'
    // What runs every two seconds is half an instance that never rests.
    ProvidersSchedule: empty(options.priceProviders) ? '0 0 0 * * *' : '*/2 * * * * *'
    Cosmos__accountEndpoint: cosmos.properties.documentEndpoint
    Cosmos__credential: 'managedidentity'
    Cosmos__clientId: identity.properties.clientId
    Blobs__serviceUri: uploadsUri
    Blobs__credential: 'managedidentity'
    Blobs__clientId: identity.properties.clientId
    AzureSignalRConnectionString__serviceUri: 'https://${signalR.properties.hostName}'
    AzureSignalRConnectionString__credential: 'managedidentity'
    AzureSignalRConnectionString__clientId: identity.properties.clientId
    PaymentProvider__BaseUrl: options.paymentProviderUrl
    PaymentProvider__Key: contains(secretNames, 'payment-provider-key') ? '${fromVault}payment-provider-key)' : ''
    PaymentProvider__WebhookSecret: contains(secretNames, 'payment-webhook-secret') ? '${fromVault}payment-webhook-secret)' : ''
    PaymentProvider__PreviousWebhookSecret: contains(secretNames, 'payment-previous-webhook-secret') ? '${fromVault}payment-previous-webhook-secret)' : ''
    GiftCardKey: contains(secretNames, 'gift-card-key') ? '${fromVault}gift-card-key)' : ''
    Identity__AccessTokenKeys: '${fromVault}access-token-keys)'
    Identity__RefreshTokenKeys: '${fromVault}refresh-token-keys)'
    Identity__SecretKeys: '${fromVault}secret-keys)'
    Identity__WebBaseUrl: webBaseUrl
    Identity__FirstAdmin: options.firstAdmin
    Identity__OperatorsNeedCode: 'true'
    Identity__LeakedPasswordsUrl: 'https://api.pwnedpasswords.com/'
    Privacy__GraceDays: '14'
    Mail__Host: options.mailHost
    Mail__Port: '587'
    Mail__User: options.mailUser
    Mail__Password: contains(secretNames, 'mail-password') ? '${fromVault}mail-password)' : ''
    Mail__From: options.mailFrom
    Telegram__BotToken: contains(secretNames, 'telegram-bot-token') ? '${fromVault}telegram-bot-token)' : ''
    Telegram__BotName: options.telegramBotName
    Telegram__WebhookSecret: contains(secretNames, 'telegram-webhook-secret') ? '${fromVault}telegram-webhook-secret)' : ''
    WebPush__PrivateKey: contains(secretNames, 'web-push-key') ? '${fromVault}web-push-key)' : ''
    WebPush__Subject: empty(options.mailFrom) ? '' : 'mailto:${options.mailFrom}'
    OpenIdConnect__google__issuer: 'https://accounts.google.com'
    OpenIdConnect__google__clientId: options.googleClientId
    OpenIdConnect__google__clientSecret: contains(secretNames, 'google-client-secret') ? '${fromVault}google-client-secret)' : ''
    Social__Url: options.socialUrl
    Social__Key: contains(secretNames, 'social-key') ? '${fromVault}social-key)' : ''
    Beacon__Chain: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971'
    Draw__BeaconMarginSeconds: '60'
    // What these say is also their default; each section has more, with defaults in its options.
    Premium__Amount: '1000'
    Premium__Currency: 'USD'
    NightlyPlans__unitsPerSecond: '10000'
    NightlyPlans__pauseAbovePercent: '80'
    Fx__Url: options.fxUrl
    Fx__DailyUrl: 'https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml'
    Fx__HistoryUrl: 'https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.xml'
    Escrow__ServiceBasisPoints: '250'
    Withdrawals__FourEyesAbove: '5000000'
    Giveaways__PublicUrl: webBaseUrl
    Market__WindowMilliseconds: '100'
    Market__PackedMilliseconds: options.packedMilliseconds
    RequestLog__OneIn: options.requestLinesOneIn
    PriceProviders__HedgeMilliseconds: '1000'
    Uploads__MaxPerEntityADay: '200'
    Dependencies__social__TotalSeconds: '13'
    // Each proxy writes who called it at the right of X-Forwarded-For: Azure's front end, and Front Door before it.
    RateLimits__trustedHops: empty(frontDoorId) ? '1' : '2'
  }
}

output name string = app.name
output uri string = 'https://${app.properties.defaultHostName}'
