// Keys that FinVault signs and encrypts with. The app reads them through its own identity, by references in its settings.

param name string
param location string
param tags object

@secure()
@description('kid:BASE64;… of 32 bytes each; the first signs, all are accepted.')
param accessTokenKeys string

@secure()
@description('The same for refresh tokens, with other keys.')
param refreshTokenKeys string

@secure()
@description('The same for what is encrypted in the database.')
param secretKeys string

@secure()
@description('Of the mail account; empty where the mail server asks for none.')
param mailPassword string

@secure()
@description('Of the Telegram bot; empty where there is none. So with the two next.')
param telegramBotToken string

@secure()
param telegramWebhookSecret string

@secure()
param webPushKey string

@secure()
@description('The key that the payment provider gave us; empty until there is one. So with the two next.')
param paymentProviderKey string

@secure()
param paymentWebhookSecret string

@secure()
param paymentPreviousWebhookSecret string

@secure()
@description('Of the service that verifies tasks in social networks.')
param socialKey string

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enablePurgeProtection: true
  }
}

resource access 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'access-token-keys'
  properties: { value: accessTokenKeys }
}

resource refresh 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'refresh-token-keys'
  properties: { value: refreshTokenKeys }
}

resource encryption 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'secret-keys'
  properties: { value: secretKeys }
}

// A vault keeps no empty secret. So with those below.
resource mail 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(mailPassword)) {
  parent: vault
  name: 'mail-password'
  properties: { value: mailPassword }
}

resource telegramBot 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(telegramBotToken)) {
  parent: vault
  name: 'telegram-bot-token'
  properties: { value: telegramBotToken }
}

resource telegramWebhook 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(telegramWebhookSecret)) {
  parent: vault
  name: 'telegram-webhook-secret'
  properties: { value: telegramWebhookSecret }
}

resource webPush 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(webPushKey)) {
  parent: vault
  name: 'web-push-key'
  properties: { value: webPushKey }
}

resource payment 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(paymentProviderKey)) {
  parent: vault
  name: 'payment-provider-key'
  properties: { value: paymentProviderKey }
}

resource webhook 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(paymentWebhookSecret)) {
  parent: vault
  name: 'payment-webhook-secret'
  properties: { value: paymentWebhookSecret }
}

resource previousWebhook 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(paymentPreviousWebhookSecret)) {
  parent: vault
  name: 'payment-previous-webhook-secret'
  properties: { value: paymentPreviousWebhookSecret }
}

resource social 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(socialKey)) {
  parent: vault
  name: 'social-key'
  properties: { value: socialKey }
}

output name string = vault.name
output uri string = vault.properties.vaultUri
