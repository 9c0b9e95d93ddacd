param name string
param location string
param tags object

@description('Container of the deployed package of the function app.')
param deploymentContainer string

@description('How its bytes are kept: Standard_LRS in one place, ZRS in three zones, GRS and GZRS in a second region, too.')
param sku string

@description('Container of captured ticks, made when they are captured.')
param captureContainer string
param capturesTicks bool

@minValue(1)
@description('Days after which captured ticks are deleted.')
param captureDays int

// The package, the triggers' checkpoints and leases, and the history of the orchestrations.
resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: account
  name: 'default'
}

resource deployment 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: blobs
  name: deploymentContainer
}

resource captured 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = if (capturesTicks) {
  parent: blobs
  name: captureContainer
}

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-01-01' = if (capturesTicks) {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'captured-ticks'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['${captureContainer}/']
            }
            actions: {
              baseBlob: {
                tierToCool: { daysAfterCreationGreaterThan: 1 }
                delete: { daysAfterCreationGreaterThan: captureDays }
              }
            }
          }
        }
      ]
    }
  }
}

output name string = account.name
