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
param allowedOrigins array
param paymentProviderUrl string
param hasPaymentProviderKey bool
param hasPaymentWebhookSecret bool
param hasPreviousSecret bool
@secure()
param giftCardKey string
param vaultUri string
param webBaseUrl string
param firstAdmin string
param mailHost string
param mailUser string
param hasMailPassword bool
param mailFrom string
param telegramBotName string
param hasWebPushKey bool
param googleClientId string
@secure()
param googleClientSecret string
@description('The service that verifies tasks in social networks; empty: verifications wait.')
param socialUrl string
param hasSocialKey bool

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: identityName
}

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: storageAccountName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2024-11-15' existing = {
  name: cosmosAccountName
}

resource signalR 'Microsoft.SignalRService/signalR@2024-03-01' existing = {
  name: signalRName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
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
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
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
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstances
        instanceMemoryMB: instanceMemory
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      cors: { allowedOrigins: allowedOrigins }
    }
  }
}

// Each connection to Azure is an address and an identity: no key or connection string of it is among the settings. The
// payment provider knows no such identities; its key and secrets stand in the vault.
resource settings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    AZURE_CLIENT_ID: identity.properties.clientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
    AzureWebJobsStorage__blobServiceUri: storage.properties.primaryEndpoints.blob
    AzureWebJobsStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
    AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identity.properties.clientId
    EventHubs__fullyQualifiedNamespace: '${eventHubsNamespaceName}.servicebus.windows.net'
    EventHubs__credential: 'managedidentity'
    EventHubs__clientId: identity.properties.clientId
    TicksHub: ticksHub
    TicksConsumerGroup: '$Default'
    Cosmos__accountEndpoint: cosmos.properties.documentEndpoint
    Cosmos__credential: 'managedidentity'
    Cosmos__clientId: identity.properties.clientId
    Blobs__serviceUri: uploadsUri
    Blobs__credential: 'managedidentity'
    Blobs__clientId: identity.properties.clientId
    AzureSignalRConnectionString__serviceUri: 'https://${signalR.properties.hostName}'
    AzureSignalRConnectionString__credential: 'managedidentity'
    AzureSignalRConnectionString__clientId: identity.properties.clientId
    PaymentProvider__BaseUrl: paymentProviderUrl
    PaymentProvider__Key: hasPaymentProviderKey ? '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/payment-provider-key)' : ''
    PaymentProvider__WebhookSecret: hasPaymentWebhookSecret ? '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/payment-webhook-secret)' : ''
    PaymentProvider__PreviousWebhookSecret: hasPreviousSecret ? '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/payment-previous-webhook-secret)' : ''
    GiftCardKey: giftCardKey
    Identity__AccessTokenKeys: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/access-token-keys)'
    Identity__RefreshTokenKeys: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/refresh-token-keys)'
    Identity__SecretKeys: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/secret-keys)'
    Identity__WebBaseUrl: webBaseUrl
    Identity__FirstAdmin: firstAdmin
    Privacy__GraceDays: '14'
    Mail__Host: mailHost
    Mail__Port: '587'
    Mail__User: mailUser
    Mail__Password: hasMailPassword ? '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/mail-password)' : ''
    Mail__From: mailFrom
    Telegram__BotToken: empty(telegramBotName) ? '' : '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/telegram-bot-token)'
    Telegram__BotName: telegramBotName
    Telegram__WebhookSecret: empty(telegramBotName) ? '' : '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/telegram-webhook-secret)'
    WebPush__PrivateKey: hasWebPushKey ? '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/web-push-key)' : ''
    WebPush__Subject: empty(mailFrom) ? '' : 'mailto:${mailFrom}'
    OpenIdConnect__google__issuer: 'https://accounts.google.com'
    OpenIdConnect__google__clientId: googleClientId
    OpenIdConnect__google__clientSecret: googleClientSecret
    Social__Url: socialUrl
    Social__Key: hasSocialKey ? '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/social-key)' : ''
    Beacon__Chain: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971'
    Draw__BeaconMarginSeconds: '60'
    // What these say is also their default; each section has more, with defaults in its options.
    Premium__Amount: '1000'
    Premium__Currency: 'USD'
    NightlyPlans__unitsPerSecond: '10000'
    NightlyPlans__pauseAbovePercent: '80'
    Escrow__ServiceBasisPoints: '250'
    Withdrawals__FourEyesAbove: '5000000'
    Giveaways__PublicUrl: webBaseUrl
    Market__WindowMilliseconds: '100'
    PriceProviders__HedgeMilliseconds: '1000'
    Uploads__MaxPerEntityADay: '200'
    Dependencies__social__TotalSeconds: '13'
    // Azure's front end is the one proxy before the app, and writes who called it at the right of X-Forwarded-For.
    RateLimits__trustedHops: '1'
  }
}

output name string = app.name
output uri string = 'https://${app.properties.defaultHostName}'
