// Keys that FinVault signs and encrypts with, and what others gave it. The app reads them through its own identity, by
// references in its settings.

param name string
param location string
param tags object

@secure()
@description('Values by name. A vault keeps no empty one, so those are left out.')
param secrets object

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

resource secret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = [
  for one in filter(items(secrets), each => !empty(each.value)): {
    parent: vault
    name: one.key
    properties: { value: one.value }
  }
]

output name string = vault.name
output uri string = vault.properties.vaultUri
